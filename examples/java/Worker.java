import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Adds tax to the lines of an invoice; the rates are the definition's configuration. Nothing but the JDK. */
public final class Worker {
    private static final BigDecimal PERCENT = new BigDecimal(100);

    private final AtomicInteger added = new AtomicInteger();
    private volatile Map<?, ?> rates = Map.of();

    public static void main(String[] args) throws IOException {
        Worker worker = new Worker();
        int port = Integer.parseInt(System.getenv("PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        // A thread for each request: it answers /stats while it works
        server.setExecutor(Executors.newCachedThreadPool());
        answer(server, "/health", body -> Map.of("status", "running"));
        answer(server, "/initialize", worker::initialize);
        answer(server, "/execute", worker::execute);
        answer(server, "/stats", body -> Map.of("lines", worker.added.get()));
        answer(server, "/cleanup", body -> Map.of());
        server.start();
    }

    private Object initialize(Object config) {
        rates = (Map<?, ?>) member(config, "rates", Map.class);
        return Map.of();
    }

    private Object execute(Object arguments) {
        Object data = member(arguments, "kwargs", Map.class);
        BigDecimal net = BigDecimal.ZERO;
        BigDecimal tax = BigDecimal.ZERO;
        for (Object line : (List<?>) member(data, "lines", List.class)) {
            BigDecimal amount = new BigDecimal((String) member(line, "net", String.class));
            BigDecimal rate = (BigDecimal) member(rates, (String) member(line, "rate", String.class), BigDecimal.class);
            net = net.add(amount);
            tax = tax.add(amount.multiply(rate).divide(PERCENT, 2, RoundingMode.HALF_EVEN));
            System.err.println("line " + added.incrementAndGet() + ": " + amount + " at " + rate + " %");
        }
        return Map.of("net", net.toString(), "tax", tax.toString(), "gross", net.add(tax).toString());
    }

    private static Object member(Object object, String name, Class<?> type) {
        Object value = object instanceof Map<?, ?> map ? map.get(name) : null;
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(name + " must be a " + type.getSimpleName() + ", and is " + Json.write(value));
        }
        return value;
    }

    private interface Handler {
        Object handle(Object body);
    }

    /** What the job's author has to mend is a 400, and not tried again; anything else is a 500. */
    private static void answer(HttpServer server, String path, Handler handler) {
        server.createContext(path, exchange -> {
            try {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                send(exchange, 200, handler.handle(body.isBlank() ? null : Json.read(body)));
            } catch (IllegalArgumentException e) {
                send(exchange, 400, error(e));
            } catch (RuntimeException e) {
                e.printStackTrace();
                send(exchange, 500, error(e));
            }
        });
    }

    private static Object error(RuntimeException e) {
        return Map.of("detail", Map.of("type", e.getClass().getSimpleName(), "message", String.valueOf(e.getMessage())));
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] text = Json.write(body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }
}

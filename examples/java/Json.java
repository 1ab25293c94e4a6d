import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON as maps, lists, texts, numbers, booleans and null. It stands for the library that your project has. */
final class Json {
    private static final int DEEPEST = 512;
    private static final char END = '\0';

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value();
        if (json.peek() != END) {
            throw json.wrong("nothing more");
        }
        return value;
    }

    static String write(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> quote(entry.getKey().toString()) + ":" + write(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
        }
        boolean literal = value == null || value instanceof Boolean || value instanceof Number;
        return literal ? String.valueOf(value) : quote(value.toString());
    }

    private Object value() {
        char first = peek();
        if (first == '{' || first == '[') {
            if (++depth > DEEPEST) {
                throw wrong("at most " + DEEPEST + " levels");
            }
            Object container = first == '{' ? object() : array();
            depth--;
            return container;
        }
        if (first == '"') {
            return string();
        }
        int start = at;
        while (at < text.length() && ("+-.".indexOf(text.charAt(at)) >= 0 || Character.isLetterOrDigit(text.charAt(at)))) {
            at++;
        }
        String word = text.substring(start, at);
        switch (word) {
            case "null":
                return null;
            case "true":
                return true;
            case "false":
                return false;
            default:
                if (!word.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,9})?")) {
                    at = start;
                    throw wrong("a value");
                }
                return new BigDecimal(word);
        }
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        expect('{');
        if (peek() != '}') {
            do {
                peek();
                String name = string();
                expect(':');
                members.put(name, value());
            } while (skip(','));
        }
        expect('}');
        return members;
    }

    private List<Object> array() {
        List<Object> items = new ArrayList<>();
        expect('[');
        if (peek() != ']') {
            do {
                items.add(value());
            } while (skip(','));
        }
        expect(']');
        return items;
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (true) {
            char next = next();
            if (next == '"') {
                return string.toString();
            }
            if (next < ' ') {
                throw wrong("no control character in a text");
            }
            string.append(next == '\\' ? escape() : next);
        }
    }

    private char escape() {
        char next = next();
        int known = "\"\\/bfnrt".indexOf(next);
        if (known >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(known);
        }
        String digits = next == 'u' && at + 4 <= text.length() ? text.substring(at, at + 4) : "";
        if (!digits.matches("[0-9a-fA-F]{4}")) {
            throw wrong("an escape sequence");
        }
        at += 4;
        return (char) Integer.parseInt(digits, 16);
    }

    private char next() {
        if (at >= text.length()) {
            throw wrong("the rest of a text");
        }
        return text.charAt(at++);
    }

    private char peek() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : END;
    }

    private boolean skip(char expected) {
        boolean there = peek() == expected;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char expected) {
        if (!skip(expected)) {
            throw wrong("'" + expected + "'");
        }
    }

    private IllegalArgumentException wrong(String must) {
        return new IllegalArgumentException("not JSON: at character " + at + " there must be " + must);
    }

    private static String quote(String value) {
        return value.chars()
                .mapToObj(c -> c == '"' || c == '\\' || c < ' ' || Character.isSurrogate((char) c)
                        ? String.format("\\u%04x", c)
                        : String.valueOf((char) c))
                .collect(Collectors.joining("", "\"", "\""));
    }
}

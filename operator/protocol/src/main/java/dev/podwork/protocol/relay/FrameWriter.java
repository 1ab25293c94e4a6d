package dev.podwork.protocol.relay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.protocol.Json;
import java.nio.charset.StandardCharsets;

/** Writes frames as lines, with their {@code \n}. */
public final class FrameWriter {
    private FrameWriter() {}

    public static byte[] write(Frame frame) {
        return (text(frame) + '\n').getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Frame frame) {
        // The message's text must go as it is.
        if (frame instanceof Frame.Msg msg) {
            return "{\"seq\":" + msg.seq() + ",\"msg\":" + msg.json() + '}';
        }
        if (frame instanceof Frame.Telemetry telemetry) {
            return "{\"seq\":" + telemetry.seq() + ",\"telemetry\":" + telemetry.json() + '}';
        }
        if (frame instanceof Frame.Ack ack) {
            return "{\"ack\":" + ack.seq() + '}';
        }
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        if (frame instanceof Frame.Sequenced sequenced) {
            line.put("seq", sequenced.seq());
        }
        if (frame instanceof Frame.Hello hello) {
            line.putObject("hello")
                    .put("protocol", hello.protocol())
                    .put("token", hello.token())
                    .put("version", hello.version());
        } else if (frame instanceof Frame.Welcome) {
            line.putObject("welcome");
        } else if (frame instanceof Frame.Refused refused) {
            line.putObject("refused").put("code", refused.code()).put("message", refused.message());
        } else if (frame instanceof Frame.Attach attach) {
            line.putObject("attach").put("session", attach.session()).put("received", attach.received());
        } else if (frame instanceof Frame.Attached attached) {
            line.putObject("attached").put("session", attached.session()).put("received", attached.received());
        } else if (frame instanceof Frame.Oversize oversize) {
            line.putObject("oversize").put("bytes", oversize.bytes()).put("head", oversize.head());
        } else if (frame instanceof Frame.Exited exited) {
            exit(line.putObject("exit"), exited.exit());
        } else if (frame instanceof Frame.End end) {
            line.putObject("end").put("graceMs", end.graceMs()).put("killMs", end.killMs());
        } else if (frame instanceof Frame.Stop stop) {
            line.putObject("stop").put("graceMs", stop.graceMs());
        }
        return Json.write(line);
    }

    private static void exit(ObjectNode line, ExitReport exit) {
        line.put("code", exit.code())
                .put("signal", exit.signal())
                .put("oomKilled", exit.oomKilled())
                .put("error", exit.error());
        exit.stderrTail().forEach(line.putArray("stderrTail")::add);
    }
}

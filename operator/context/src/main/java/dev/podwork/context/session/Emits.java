package dev.podwork.context.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.job.Emit;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What an attempt has emitted, in order, each once: a message that comes again after a restart is known by its number. */
final class Emits {
    /** What a record of an emit costs beside name and payload. */
    private static final int OVERHEAD = 48;

    private final List<Emit> emits = new ArrayList<>();
    private final Set<Long> sequences = new HashSet<>();
    private int bytes;

    Emits(List<Emit> recorded) {
        recorded.forEach(this::keep);
    }

    /** {@code ctx.emit}. */
    boolean emit(long sequence, Params params) {
        Params event = params.object("event");
        if (!event.text("type").equals("emit")) {
            throw CallException.parameter("event.type", "\"emit\"");
        }
        Params data = event.object("data");
        String name = data.name("name");
        ObjectNode payload = data.members();
        payload.remove("name");
        return add(new Emit(sequence, name, payload));
    }

    /** {@code ctx.flow.emit}. */
    boolean flowEmit(long sequence, Params params) {
        return add(new Emit(sequence, params.name("trigger"), params.valueOrEmpty("payload")));
    }

    List<Emit> all() {
        return List.copyOf(emits);
    }

    /** Whether there was anything to add. */
    private boolean add(Emit emit) {
        if (sequences.contains(emit.sequence())) {
            return false;
        }
        refuseUnwritable(emit.payload());
        if (bytes + size(emit) > Limits.EMITS_BYTES) {
            throw CallException.limit("the emits of an attempt may be " + Limits.EMITS_BYTES + " bytes in all; " + bytes
                    + " are there, and this one has " + size(emit));
        }
        keep(emit);
        return true;
    }

    private static void refuseUnwritable(JsonNode payload) {
        Numbers.firstOutOfRange(payload).ifPresent(path -> {
            throw CallException.parameter(
                    "the number at " + (path.isEmpty() ? "payload" : path), "within a double's range");
        });
    }

    private void keep(Emit emit) {
        emits.add(emit);
        sequences.add(emit.sequence());
        bytes += size(emit);
    }

    private static int size(Emit emit) {
        return Json.size(emit.name()) + Json.size(emit.payload()) + OVERHEAD;
    }
}

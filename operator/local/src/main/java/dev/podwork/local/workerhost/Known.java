package dev.podwork.local.workerhost;

import dev.podwork.local.manifest.Spelling;
import java.util.List;
import java.util.Map;

/** The keys that an object of the file may have. */
record Known(List<String> keys) {

    static Known of(String... keys) {
        return new Known(List.of(keys));
    }

    /** WorkerHost ignores the others. So does the import, and says so, for one may be misspelt. */
    void check(Map<String, Field> members) {
        members.forEach((name, field) -> {
            if (!keys.contains(name)) {
                field.notice("is no key of WorkerHost's, and isn't carried over"
                        + Spelling.closest(name, keys)
                                .map(similar -> "; did you mean " + similar + "?")
                                .orElse("; it knows " + String.join(", ", keys) + " here"));
            }
        });
    }
}

package dev.podwork.core.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an API server tells of objects of one kind, in order. Each watcher is as far behind as it likes. */
final class Watch<T> {

    record Change<T>(@Nullable T before, @Nullable T after) {}

    private final List<Change<T>> changes = new ArrayList<>();

    void changed(@Nullable T before, @Nullable T after) {
        changes.add(new Change<>(before, after));
    }

    int length() {
        return changes.size();
    }

    Change<T> at(int position) {
        return changes.get(position);
    }
}

package dev.podwork.context.stream;

import org.jspecify.annotations.Nullable;

/**
 * A part of a result that its worker gave before the whole.
 *
 * @param sequence number of the worker's message: rising within the attempt, and known again after a restart of the server
 * @param index which part it is, from 0, where the worker counts
 * @param chunk any JSON, as it was written
 * @param last whether the worker says that no other follows
 * @param metadata a JSON object, as it was written; null when there is none
 */
public record StreamPart(
        long sequence,
        @Nullable Long index,
        String chunk,
        boolean last,
        @Nullable String metadata) {

    int size() {
        return chunk.length() + (metadata == null ? 0 : metadata.length());
    }
}

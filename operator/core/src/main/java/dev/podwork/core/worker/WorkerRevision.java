package dev.podwork.core.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The identity of all that a definition's pods are made from. It follows from the content alone, so that whoever applies earlier
 * content again has the earlier revision; limits, retries and the like are no part of it.
 */
public final class WorkerRevision {

    private static final int HASH_BYTES = 5;
    private static final ObjectWriter JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build()
            .writerFor(WorkerDefinitionSpec.class);

    private WorkerRevision() {}

    public static String of(WorkerDefinitionSpec spec) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(JSON.writeValueAsBytes(content(spec)));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("what came as JSON is JSON, and every runtime has SHA-256", e);
        }
    }

    /** That part of a definition which its pods are made from. */
    static WorkerDefinitionSpec content(WorkerDefinitionSpec spec) {
        return spec.with()
                .taskTypes(null)
                .timeouts(null)
                .retry(null)
                .concurrency(null)
                .configSchema(null)
                .fallback(null)
                .build();
    }

    /** A definition whose pods are made from another content; all else is as it is now. */
    static WorkerDefinitionSpec with(WorkerDefinitionSpec now, WorkerDefinitionSpec content) {
        return content.with()
                .taskTypes(now.taskTypes())
                .timeouts(now.timeouts())
                .retry(now.retry())
                .concurrency(now.concurrency())
                .configSchema(now.configSchema())
                .fallback(now.fallback())
                .build();
    }
}

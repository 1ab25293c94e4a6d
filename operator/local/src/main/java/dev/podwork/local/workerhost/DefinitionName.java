package dev.podwork.local.workerhost;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The name of a worker as Kubernetes takes it. */
final class DefinitionName {
    private static final int LONGEST = 63;
    private static final int KEPT = 54;
    private static final int HASH_BYTES = 4;

    private DefinitionName() {}

    /** Small letters, digits, hyphens and dots; a long one is cut, and ends with a hash of all of it. Empty when nothing is left. */
    static String of(String worker) {
        String name = trimmed(
                worker.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("-*\\.[-.]*", "."));
        return name.length() <= LONGEST ? name : trimmed(name.substring(0, KEPT)) + "-" + hash(worker);
    }

    private static String trimmed(String name) {
        return name.replaceAll("^[-.]+|[-.]+$", "");
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

package dev.podwork.e2e;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the suite is told from outside, as {@code -Dpodwork.NAME=VALUE}. */
final class TestSettings {
    /** The repository's root. */
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    static final String REGISTRY = property("registry", "localhost");
    /** The chart's own version when empty. */
    static final String TAG = property("tag", "");

    static final String PULL_POLICY = property("pullPolicy", "IfNotPresent");
    /** A worker without our SDK, and the tools to look into a pod. */
    static final String BUSYBOX = property("busybox", "busybox:1.37");
    /** An image with one static program and no shell: {@code src/test/images/static}. */
    static final String STATIC_IMAGE = property("staticImage", REGISTRY + "/podwork-e2e-static:1");
    /** Documents with programs of other systems that must run unmodified; our own of the same form when absent. */
    static final @Nullable String SEEDS = optional("seeds", "PODWORK_SEEDS");
    /** The key that the cluster signs service-account tokens with: saves waiting until a real one expires. */
    static final @Nullable String TOKEN_KEY = optional("tokenKey", "PODWORK_TOKEN_KEY");

    private TestSettings() {}

    private static String property(String name, String fallback) {
        String value = System.getProperty("podwork." + name, "");
        return value.isEmpty() ? fallback : value;
    }

    private static @Nullable String optional(String name, String variable) {
        String value = property(name, "");
        return value.isEmpty() ? System.getenv(variable) : value;
    }
}

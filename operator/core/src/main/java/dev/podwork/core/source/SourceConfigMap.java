package dev.podwork.core.source;

import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.ownership.Ownership;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The ConfigMap that delivers inline code. Its name holds a hash of the code and it is immutable, so a pod runs the code that its
 * definition had when the pod was made, whatever happens to the definition meanwhile.
 */
public final class SourceConfigMap {

    private static final int HASH_BYTES = 5;

    private SourceConfigMap() {}

    /** The ConfigMap that a definition needs; empty when it has no inline code. */
    public static Optional<ConfigMap> of(WorkerDefinition definition) {
        Source source = definition.getSpec().source();
        if (source == null || source.inline() == null) {
            return Optional.empty();
        }
        String file = SourceFile.name(definition.getSpec(), source);
        return Optional.of(new ConfigMapBuilder()
                .withNewMetadata()
                .withName(definition.getMetadata().getName() + "-source-" + hash(file, source.inline()))
                .withNamespace(definition.getMetadata().getNamespace())
                .withLabels(Ownership.labels(definition))
                .withOwnerReferences(Ownership.controlling(definition))
                .endMetadata()
                .withData(Map.of(file, source.inline()))
                .withImmutable(true)
                .build());
    }

    private static String hash(String file, String code) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(file.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(code.getBytes(StandardCharsets.UTF_8)), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException everyRuntimeHasIt) {
            throw new IllegalStateException(everyRuntimeHasIt);
        }
    }
}

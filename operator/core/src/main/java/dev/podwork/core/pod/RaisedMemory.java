package dev.podwork.core.pod;

import dev.podwork.api.attempt.MemoryRaise;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The memory limit of a worker that ran out of it before. Where it never had a limit there is nothing to raise. */
public final class RaisedMemory {

    static final String MEMORY = "memory";

    private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1 << 20);

    private RaisedMemory() {}

    /**
     * What the next attempt gets; empty when no more than before.
     *
     * @param before what the attempt that failed had, if that was raised already
     */
    public static Optional<String> next(MemoryRaise raise, @Nullable String before, @Nullable WorkerDefinition worker) {
        Optional<BigDecimal> base = largest(before, worker);
        return base.flatMap(bytes -> bytes(raise.max())
                .map(most ->
                        most.min(bytes.multiply(BigDecimal.valueOf(Objects.requireNonNullElse(raise.factor(), 2.0)))))
                .filter(raised -> raised.compareTo(bytes) > 0)
                .map(RaisedMemory::text));
    }

    /** The resources with at least this much memory; a definition may have been given more meanwhile. */
    static @Nullable ResourceRequirements applied(@Nullable ResourceRequirements own, @Nullable String raised) {
        if (own == null || raised == null || !isMore(raised, own.getLimits().get(MEMORY))) {
            return own;
        }
        Quantity quantity = new Quantity(raised);
        // What is only a limit may not be there when it is needed, and then the raise was in vain.
        return new ResourceRequirementsBuilder(own)
                .addToLimits(MEMORY, quantity)
                .addToRequests(MEMORY, quantity)
                .build();
    }

    private static boolean isMore(String raised, @Nullable Quantity limit) {
        return limit != null
                && bytes(raised)
                        .filter(bytes -> bytes.compareTo(limit.getNumericalAmount()) > 0)
                        .isPresent();
    }

    private static Optional<BigDecimal> largest(@Nullable String before, @Nullable WorkerDefinition worker) {
        return Stream.concat(bytes(before).stream(), limit(worker).map(Quantity::getNumericalAmount).stream())
                .max(BigDecimal::compareTo);
    }

    private static Optional<Quantity> limit(@Nullable WorkerDefinition worker) {
        PodTemplateSpec template = worker == null ? null : worker.getSpec().template();
        return template == null || template.getSpec() == null
                ? Optional.empty()
                : template.getSpec().getContainers().stream()
                        .filter(container -> WorkerDefinitionSpec.WORKER_CONTAINER.equals(container.getName()))
                        .map(Container::getResources)
                        .filter(Objects::nonNull)
                        .map(resources -> resources.getLimits().get(MEMORY))
                        .filter(Objects::nonNull)
                        .findFirst();
    }

    /** Empty when it is no quantity, which an API server with its rules would have refused. */
    private static Optional<BigDecimal> bytes(@Nullable String quantity) {
        try {
            return quantity == null ? Optional.empty() : Optional.of(new Quantity(quantity).getNumericalAmount());
        } catch (IllegalArgumentException broken) {
            return Optional.empty();
        }
    }

    private static String text(BigDecimal bytes) {
        return bytes.divide(MEBIBYTE, 0, RoundingMode.DOWN).max(BigDecimal.ONE).toPlainString() + "Mi";
    }
}

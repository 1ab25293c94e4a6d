package dev.podwork.core.model;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.attempt.Backoff;
import dev.podwork.api.attempt.BackoffBuilder;
import dev.podwork.api.attempt.BackoffType;
import dev.podwork.api.attempt.Retry;
import dev.podwork.api.attempt.RetryAction;
import dev.podwork.api.attempt.RetryRule;
import dev.podwork.api.attempt.RetryRuleBuilder;
import dev.podwork.api.attempt.Timeouts;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.worker.Readiness;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerDefinitionStatusBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a job asks for, and what its worker offers.
 *
 * @param ignores failures with {@link #IGNORED} as exit code do not count
 */
record Scenario(
        int attempts,
        @Nullable Integer infrastructureRetries,
        boolean ignores,
        Retry retry,
        Timeouts timeouts,
        @Nullable Instant notBefore,
        boolean suspended) {

    static final int IGNORED = 9;

    private static final String[] WAITS = {"1ms", "1s", "7s"};
    private static final String[] LIMITS = {"1s", "20s", "3m"};
    private static final String[] ATTEMPT_LIMITS = {"2s", "45s", "5m"};

    static Scenario random(SplittableRandom random) {
        int attempts = 1 + random.nextInt(4);
        Integer infrastructureRetries = random.nextInt(4) == 0 ? null : random.nextInt(4);
        boolean ignores = random.nextInt(3) == 0;
        Backoff backoff = BackoffBuilder.builder()
                .type(random.nextBoolean() ? BackoffType.FIXED : null)
                .base(WAITS[random.nextInt(WAITS.length)])
                .max("20s")
                .build();
        List<RetryRule> rules = ignores
                ? List.of(RetryRuleBuilder.builder()
                        .exitCodes(List.of(IGNORED))
                        .action(RetryAction.IGNORE)
                        .build())
                : List.of();
        Timeouts timeouts = new Timeouts(
                limit(random),
                limit(random),
                ATTEMPT_LIMITS[random.nextInt(ATTEMPT_LIMITS.length)],
                limit(random),
                limit(random));
        return new Scenario(
                attempts,
                infrastructureRetries,
                ignores,
                new Retry(attempts, infrastructureRetries, backoff, rules),
                timeouts,
                random.nextInt(5) == 0 ? World.instant(random.nextInt(60_000)) : null,
                random.nextInt(10) == 0);
    }

    private static @Nullable String limit(SplittableRandom random) {
        return random.nextInt(4) == 0 ? LIMITS[random.nextInt(LIMITS.length)] : null;
    }

    /** How many pods may be lost, and their attempts be tried again. */
    int forgivenPods() {
        return infrastructureRetries == null ? 3 : infrastructureRetries;
    }

    /** How many of them may have had the job. */
    int forgivenWorkers() {
        return infrastructureRetries == null ? 0 : infrastructureRetries;
    }

    JobSpec spec() {
        return spec(false, suspended);
    }

    JobSpec spec(boolean cancelled, boolean held) {
        return JobSpecBuilder.builder()
                .worker("w")
                .data(IntNode.valueOf(1))
                .notBefore(notBefore)
                .suspended(held)
                .cancelled(cancelled)
                .timeouts(timeouts)
                .retry(retry)
                .build();
    }

    WorkerDefinition definition(boolean ready, long generation) {
        ObjectMeta metadata = new ObjectMeta();
        metadata.setName("w");
        metadata.setNamespace(World.NAMESPACE);
        metadata.setUid("w-uid");
        metadata.setGeneration(generation);
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(metadata);
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(WorkerRuntime.IMAGE)
                .image("example.org/w:1")
                .command(List.of("/w"))
                .build());
        definition.setStatus(WorkerDefinitionStatusBuilder.builder()
                .observedGeneration(generation)
                .conditions(List.of(new ConditionBuilder()
                        .withType(Readiness.CONDITION)
                        .withStatus(ready ? "True" : "False")
                        .withMessage("words")
                        .build()))
                .build());
        return definition;
    }
}

package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodEndPolicyTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(20);

    private final PodEndPolicy policy = new PodEndPolicy();

    @Test
    void theSessionHasTwoSecondsToTellMore() {
        Snapshots ended = Snapshots.at(NOW).pod(Snapshots.endedPod(7, "Error", null));

        assertThat(policy.decide(ended.endSeen(NOW.minusMillis(1999)).snapshot()))
                .hasValueSatisfying(decision -> {
                    assertThat(decision.revisit()).isEqualTo(NOW.plusMillis(1));
                    assertThat(decision.status().phase()).isNull();
                });
        assertThat(policy.decide(ended.endSeen(NOW.minusSeconds(2)).snapshot())).hasValueSatisfying(decision -> {
            assertThat(decision.status().reason()).isEqualTo(Reasons.NON_ZERO_EXIT);
            assertThat(decision.status().attempts().get(0).exitCode()).isEqualTo(7);
        });
    }

    @Test
    void anAnswerInTheTerminationMessageIsEnoughWhenTheSessionTellsNothing() {
        assertThat(policy.decide(Snapshots.at(NOW)
                        .pod(Snapshots.endedPod(
                                0,
                                "Completed",
                                "{\"code\":0,\"response\":{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":5}}"))
                        .endSeen(NOW.minusSeconds(2))
                        .snapshot()))
                .hasValueSatisfying(decision -> {
                    assertThat(decision.status().phase()).isEqualTo(Phase.SUCCEEDED);
                    assertThat(decision.status().result()).isEqualTo(IntNode.valueOf(5));
                });
    }

    @Test
    void aCommandThatIsNotThereIsToldAtOnce() {
        assertThat(policy.decide(Snapshots.at(NOW)
                        .pod(Snapshots.endedPod(127, "Error", "{\"code\":127,\"error\":\"python9: not found\"}"))
                        .endSeen(NOW)
                        .snapshot()))
                .hasValueSatisfying(decision -> {
                    assertThat(decision.status().reason()).isEqualTo(Reasons.COMMAND_NOT_FOUND);
                    assertThat(decision.status().message()).contains("python9: not found");
                });
    }

    @Test
    void anEvictedPodIsToldAtOnce() {
        assertThat(policy.decide(Snapshots.at(NOW)
                        .pod(new PodBuilder(Snapshots.startingPod())
                                .withNewStatus()
                                .withPhase("Failed")
                                .withReason("Evicted")
                                .withMessage("The node was low on resource: memory.")
                                .endStatus()
                                .build())
                        .snapshot()))
                .hasValueSatisfying(decision -> {
                    assertThat(decision.status().reason()).isEqualTo(Reasons.POD_LOST);
                    assertThat(decision.status().message()).contains("Evicted", "low on resource: memory");
                });
    }

    @Test
    void aPodThatRunsIsNoneOfItsBusiness() {
        assertThat(policy.decide(Snapshots.at(NOW).pod(Snapshots.startingPod()).snapshot()))
                .isEmpty();
        assertThat(policy.decide(Snapshots.at(NOW).snapshot())).isEmpty();
    }
}

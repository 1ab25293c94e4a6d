package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {

    @Test
    void aReadyDefinitionsOwn() {
        WorkerDefinition limited = Snapshots.readyWorker();
        limited.setSpec(
                Serialization.unmarshal("{\"runtime\":\"image\",\"concurrency\":3}", WorkerDefinitionSpec.class));

        assertThat(ConcurrencyLimit.of(limited)).isEqualTo(3);
        assertThat(ConcurrencyLimit.of(Snapshots.readyWorker())).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void noneWhileNothingCanStart() {
        assertThat(ConcurrencyLimit.of(null)).isZero();
        assertThat(ConcurrencyLimit.of(Snapshots.worker("False", "no source", 1L)))
                .isZero();
        assertThat(ConcurrencyLimit.of(Snapshots.worker("True", "of before", 0L)))
                .isZero();
    }
}

package dev.podwork.controller.lifecycle;

import dev.podwork.api.Labels;
import dev.podwork.api.job.Job;
import dev.podwork.core.job.Notice;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kubernetes Events, for whoever describes a job. They are a convenience: a lost one changes nothing. */
final class JobEvents {

    private static final Logger log = LoggerFactory.getLogger(JobEvents.class);
    private static final int MAX_MESSAGE = 1024;

    private final KubernetesClient client;
    private final Clock clock;

    JobEvents(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    void emit(Job job, Notice notice) {
        try {
            client.resource(event(job, notice)).create();
        } catch (KubernetesClientException e) {
            log.warn(
                    "Event {} of job {}/{} was lost: {}",
                    notice.reason(),
                    job.getMetadata().getNamespace(),
                    job.getMetadata().getName(),
                    e.getMessage());
        }
    }

    private Event event(Job job, Notice notice) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String message = notice.message();
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(job.getMetadata().getName() + ".")
                .withNamespace(job.getMetadata().getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(job.getApiVersion())
                .withKind(job.getKind())
                .withNamespace(job.getMetadata().getNamespace())
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .withResourceVersion(job.getMetadata().getResourceVersion())
                .endInvolvedObject()
                .withType("Warning")
                .withReason(notice.reason())
                .withMessage(message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…")
                .withNewSource()
                .withComponent(Labels.MANAGED_BY_PODWORK)
                .endSource()
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
    }
}

package dev.podwork.core.pod;

import dev.podwork.api.Labels;
import dev.podwork.api.attempt.GoDuration;
import dev.podwork.api.attempt.Timeouts;
import dev.podwork.api.job.Job;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.core.limit.Limits;
import dev.podwork.core.limit.PodTimeouts;
import dev.podwork.core.ownership.Ownership;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pod of an attempt. A definition's template is the starting point, so that every field of a pod can be used; what the
 * relay, the shim and restricted Pod Security need is laid over it.
 *
 * <p>The pod lives as long as its worker: containers of the template other than the worker's become native sidecars, which the
 * kubelet stops once the worker has ended.
 */
public final class PodTemplate {

    static final String SHARED_VOLUME = "podwork";
    static final String SHARED_PATH = "/podwork";
    static final String TOKEN_VOLUME = "podwork-token";
    static final String SOURCE_VOLUME = "podwork-source";

    private static final String ALWAYS = "Always";
    private static final String DEFAULT_SERVICE_ACCOUNT = "default";

    private final Supplier<PodSettings> settings;

    /** @param settings asked for each pod, because the server's address and certificate may change */
    public PodTemplate(Supplier<PodSettings> settings) {
        this.settings = settings;
    }

    public static String podName(String job, int attempt) {
        return job + "-" + attempt;
    }

    /** The definition must be ready: its inline code is in the ConfigMap that its status names. */
    public Pod podFor(Job job, WorkerDefinition definition, int attempt) {
        return podFor(job, definition, attempt, null);
    }

    /** The same with at least so much memory, where the worker has a limit. */
    public Pod podFor(Job job, WorkerDefinition definition, int attempt, @Nullable String memory) {
        PodTemplateSpec template =
                Optional.ofNullable(definition.getSpec().template()).orElseGet(PodTemplateSpec::new);
        Timeouts timeouts = Limits.of(job.getSpec(), definition.getSpec());
        ObjectMeta metadata = metadata(template.getMetadata(), job, definition, attempt);
        metadata.getAnnotations().put(Labels.TIMEOUTS, PodTimeouts.text(timeouts));
        if (memory != null) {
            metadata.getAnnotations().put(Labels.RAISED_MEMORY, memory);
        }
        PodSpec spec = spec(
                Optional.ofNullable(template.getSpec()).orElseGet(PodSpec::new),
                definition,
                memory,
                GoDuration.parse(timeouts.start()).orElse(null));
        spec.setActiveDeadlineSeconds(
                Limits.backstop(timeouts).map(Duration::toSeconds).orElse(null));
        // Not with a builder, which would copy both once more.
        Pod pod = new Pod();
        pod.setMetadata(metadata);
        pod.setSpec(spec);
        return pod;
    }

    private static ObjectMeta metadata(
            @Nullable ObjectMeta template, Job job, WorkerDefinition definition, int attempt) {
        Map<String, String> labels = new TreeMap<>();
        Map<String, String> annotations = new TreeMap<>();
        ObjectMeta metadata = new ObjectMeta();
        if (template != null) {
            labels.putAll(template.getLabels());
            annotations.putAll(template.getAnnotations());
        }
        labels.put(Labels.MANAGED_BY, Labels.MANAGED_BY_PODWORK);
        labels.put(Labels.JOB, job.getMetadata().getName());
        labels.put(Labels.ATTEMPT, Integer.toString(attempt));
        labels.put(Labels.WORKER, definition.getMetadata().getName());
        if (definition.getStatus() != null && definition.getStatus().revision() != null) {
            labels.put(Labels.WORKER_REVISION, definition.getStatus().revision());
        }
        metadata.setLabels(labels);
        metadata.setAnnotations(annotations);
        metadata.setName(podName(job.getMetadata().getName(), attempt));
        metadata.setNamespace(job.getMetadata().getNamespace());
        metadata.setOwnerReferences(List.of(Ownership.controlling(job)));
        return metadata;
    }

    private PodSpec spec(
            PodSpec template, WorkerDefinition definition, @Nullable String memory, @Nullable Duration start) {
        Container own = template.getContainers().stream()
                .filter(container -> WorkerDefinitionSpec.WORKER_CONTAINER.equals(container.getName()))
                .findFirst()
                .orElseGet(Container::new);
        WorkerContainer worker = new WorkerContainer(settings.get(), definition, own, memory, start);
        return new PodSpecBuilder(template)
                .withInitContainers(initContainers(template, worker.needsShim()))
                .withContainers(worker.container())
                .withVolumes(volumes(template, worker))
                .withSecurityContext(Restricted.pod(template.getSecurityContext()))
                // The relay's token is this account's; said outright, because not every API server fills it in.
                .withServiceAccountName(
                        Objects.requireNonNullElse(template.getServiceAccountName(), DEFAULT_SERVICE_ACCOUNT))
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .build();
    }

    private List<Container> initContainers(PodSpec template, boolean installsShim) {
        List<Container> containers = new ArrayList<>();
        containers.add(RelayContainer.of(settings.get(), installsShim));
        containers.addAll(template.getInitContainers());
        template.getContainers().stream()
                .filter(container -> !WorkerDefinitionSpec.WORKER_CONTAINER.equals(container.getName()))
                .map(container -> new ContainerBuilder(container)
                        .withRestartPolicy(ALWAYS)
                        .build())
                .forEach(containers::add);
        return containers;
    }

    private static List<Volume> volumes(PodSpec template, WorkerContainer worker) {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(new VolumeBuilder()
                .withName(SHARED_VOLUME)
                .withNewEmptyDir()
                .endEmptyDir()
                .build());
        volumes.add(RelayContainer.tokenVolume());
        worker.sourceConfigMap()
                .map(name -> new VolumeBuilder()
                        .withName(SOURCE_VOLUME)
                        .withNewConfigMap()
                        .withName(name)
                        .endConfigMap()
                        .build())
                .ifPresent(volumes::add);
        volumes.addAll(template.getVolumes());
        return volumes;
    }
}

package dev.podwork.core.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.core.attempt.Exit;
import dev.podwork.core.attempt.Outcome;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words what is true of a pod as its kubelet and the API server do. */
final class PodObjects {

    private PodObjects() {}

    /** As the API server takes it in. */
    static Pod made(Pod wanted, String uid, String created) {
        ObjectMeta asked = wanted.getMetadata();
        ObjectMeta metadata = new ObjectMeta();
        metadata.setName(asked.getName());
        metadata.setNamespace(asked.getNamespace());
        metadata.setLabels(asked.getLabels());
        metadata.setAnnotations(asked.getAnnotations());
        metadata.setOwnerReferences(asked.getOwnerReferences());
        metadata.setUid(uid);
        metadata.setCreationTimestamp(created);
        Pod made = new Pod();
        made.setMetadata(metadata);
        made.setSpec(wanted.getSpec());
        return made;
    }

    static Pod of(PodRun run) {
        ObjectMeta was = run.made.getMetadata();
        ObjectMeta metadata = new ObjectMeta();
        metadata.setName(was.getName());
        metadata.setNamespace(was.getNamespace());
        metadata.setUid(was.getUid());
        metadata.setCreationTimestamp(was.getCreationTimestamp());
        metadata.setLabels(was.getLabels());
        metadata.setAnnotations(was.getAnnotations());
        metadata.setOwnerReferences(was.getOwnerReferences());
        if (run.deletedBy != PodRun.NEVER) {
            metadata.setDeletionTimestamp(World.seconds(run.deletedBy));
        }
        PodSpec spec = new PodSpec();
        spec.setNodeName(run.scheduled ? "node-of-" + run.uid : null);
        Pod pod = new Pod();
        pod.setMetadata(metadata);
        pod.setSpec(spec);
        pod.setStatus(status(run));
        return pod;
    }

    private static PodStatus status(PodRun run) {
        PodStatus status = new PodStatus();
        status.setPhase(phase(run));
        if (run.failure != null) {
            status.setReason(run.failure);
            status.setMessage("the kubelet ended it");
        }
        if (run.disrupted) {
            status.setConditions(List.of(condition("DisruptionTarget", "True", "TerminationByKubelet")));
        } else if (!run.scheduled && run.waiting != null) {
            status.setConditions(List.of(condition("PodScheduled", "False", run.waiting)));
        }
        if (run.terminated != null) {
            ContainerState ended = new ContainerState();
            ended.setTerminated(run.terminated);
            status.setContainerStatuses(List.of(worker(ended)));
        } else if (run.started) {
            ContainerState running = new ContainerState();
            running.setRunning(new ContainerStateRunning());
            status.setContainerStatuses(List.of(worker(running)));
        } else if (run.scheduled && run.waiting != null) {
            ContainerState waiting = new ContainerState();
            ContainerStateWaiting cause = new ContainerStateWaiting();
            cause.setReason(run.waiting);
            cause.setMessage("the kubelet's words");
            waiting.setWaiting(cause);
            status.setContainerStatuses(List.of(worker(waiting)));
        }
        return status;
    }

    private static String phase(PodRun run) {
        if (run.terminated != null) {
            return run.terminated.getExitCode() == 0 ? "Succeeded" : "Failed";
        }
        if (run.failure != null) {
            return "Failed";
        }
        return run.started ? "Running" : "Pending";
    }

    private static PodCondition condition(String type, String status, String reason) {
        PodCondition condition = new PodCondition();
        condition.setType(type);
        condition.setStatus(status);
        condition.setReason(reason);
        condition.setMessage("words of the control plane");
        return condition;
    }

    private static ContainerStatus worker(ContainerState state) {
        ContainerStatus status = new ContainerStatus();
        status.setName(WorkerDefinitionSpec.WORKER_CONTAINER);
        status.setState(state);
        return status;
    }

    /** With what the shim leaves, if it lived to: also the answer that nobody had taken by then. */
    static ContainerStateTerminated terminated(Exit exit, boolean shimLives, @Nullable Outcome untold) {
        ContainerStateTerminated terminated = new ContainerStateTerminated();
        terminated.setExitCode(exit.code());
        terminated.setReason(exit.oomKilled() ? "OOMKilled" : exit.code() == 0 ? "Completed" : "Error");
        if (shimLives) {
            ObjectNode left = JsonNodeFactory.instance.objectNode();
            left.put("code", exit.code()).put("signal", exit.signal()).put("oomKilled", exit.oomKilled());
            if (untold instanceof Outcome.Result result) {
                left.putObject("response").set("result", result.value());
            } else if (untold instanceof Outcome.Failure failure) {
                ObjectNode error = left.putObject("response").putObject("error");
                error.put("message", failure.error().message());
                error.putObject("data")
                        .put("type", failure.error().type())
                        .put("retriable", failure.error().retriable());
            }
            terminated.setMessage(left.toString());
        }
        return terminated;
    }
}

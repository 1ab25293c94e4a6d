package dev.podwork.core.pod;

import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Answer;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.attempt.Exit;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.core.attempt.OutcomeClassifier;
import dev.podwork.core.attempt.TerminationMessage;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a worker ended as the kubelet tells it, which is less than its session may tell a moment later.
 *
 * @param certain nothing that a session could tell would change it
 */
public record PodEnd(Classification classification, boolean certain) {

    /** The container runtime could not even start the shim. */
    private static final Set<String> NOT_STARTED = Set.of("StartError", "ContainerCannotRun");

    /** Words of runtimes (runc, crun) for what is wrong with an image or its command; other failures are the node's own. */
    private static final Pattern OF_THE_IMAGE = Pattern.compile(
            "\\bexec\\b|executable|chdir|no such file|not a directory|permission denied", Pattern.CASE_INSENSITIVE);

    /** The kubelet has lost the container: with its sandbox, or over a restart of the node. */
    private static final String LOST = "ContainerStatusUnknown";

    private static final String OOM_KILLED = "OOMKilled";

    /** Empty while the worker may still do something. */
    public static Optional<PodEnd> of(Pod pod) {
        return ContainerStates.workerTerminated(pod)
                .map(terminated -> ofWorker(pod, terminated))
                .or(() -> ofPod(pod));
    }

    private static PodEnd ofWorker(Pod pod, ContainerStateTerminated terminated) {
        Optional<Exit> left = TerminationMessage.parse(terminated.getMessage());
        if (left.isPresent() && left.get().response() != null) {
            Outcome answer = Answer.outcome(left.get().response(), left.get());
            // What the worker emitted before it answered only its session can tell.
            return new PodEnd(OutcomeClassifier.classify(answer), false);
        }
        if (left.isPresent() && !left.get().error().isEmpty()) {
            return certain(new Outcome.Exited(left.get()));
        }
        if (terminated.getReason() != null && NOT_STARTED.contains(terminated.getReason())) {
            String words = terminated.getMessage() == null ? terminated.getReason() : terminated.getMessage();
            if (!OF_THE_IMAGE.matcher(words).find()) {
                return new PodEnd(notStarted(pod, words), true);
            }
            return certain(new Outcome.Exited(new Exit(terminated.getExitCode(), "", false, words, List.of(), null)));
        }
        if (LOST.equals(terminated.getReason())) {
            return new PodEnd(lost(pod, terminated), false);
        }
        Exit exit = left.map(told -> withOom(told, terminated)).orElseGet(() -> exit(terminated));
        boolean killedWithThePod =
                PodLoss.isPastDeadline(pod) || (!exit.oomKilled() && (exit.code() > 128 || left.isEmpty()));
        Classification classification = killedWithThePod
                ? PodLoss.classification(pod).orElseGet(() -> OutcomeClassifier.classify(new Outcome.Exited(exit)))
                : OutcomeClassifier.classify(new Outcome.Exited(exit));
        return new PodEnd(classification, false);
    }

    private static PodEnd certain(Outcome outcome) {
        return new PodEnd(OutcomeClassifier.classify(outcome), true);
    }

    private static Classification notStarted(Pod pod, String words) {
        return Classification.failure(
                Reasons.POD_LOST,
                "The node could not start the worker's container in pod %s: %s"
                        .formatted(pod.getMetadata().getName(), words));
    }

    private static Classification lost(Pod pod, ContainerStateTerminated terminated) {
        return PodLoss.classification(pod)
                .orElseGet(() -> Classification.failure(
                        Reasons.POD_LOST,
                        "The worker's container in pod %s was lost: %s"
                                .formatted(
                                        pod.getMetadata().getName(),
                                        terminated.getMessage() == null ? LOST : terminated.getMessage())));
    }

    private static Exit withOom(Exit told, ContainerStateTerminated terminated) {
        boolean oomKilled = told.oomKilled() || OOM_KILLED.equals(terminated.getReason());
        return new Exit(told.code(), told.signal(), oomKilled, told.error(), told.stderrTail(), null);
    }

    private static Exit exit(ContainerStateTerminated terminated) {
        int code = terminated.getExitCode();
        return new Exit(code, Signals.ofExitCode(code), OOM_KILLED.equals(terminated.getReason()), "", List.of(), null);
    }

    /** The pod ended and the kubelet says nothing of the worker's container: it never ran, or all trace of it is lost. */
    private static Optional<PodEnd> ofPod(Pod pod) {
        String phase = ContainerStates.status(pod).getPhase();
        if (!"Failed".equals(phase) && !"Succeeded".equals(phase)) {
            return Optional.empty();
        }
        Classification classification = PodLoss.classification(pod)
                .or(() -> failedInitContainer(pod))
                .orElseGet(() -> Classification.failure(
                        Reasons.POD_LOST,
                        "Pod %s ended as %s, and nothing is known of its worker"
                                .formatted(pod.getMetadata().getName(), phase)));
        return Optional.of(new PodEnd(classification, true));
    }

    private static Optional<Classification> failedInitContainer(Pod pod) {
        return ContainerStates.status(pod).getInitContainerStatuses().stream()
                .filter(status -> ContainerStates.terminated(status)
                        .filter(terminated -> terminated.getExitCode() != 0)
                        .isPresent())
                .findFirst()
                .map(status -> Classification.failure(
                        Reasons.NON_ZERO_EXIT,
                        "Init container %s exited with code %d, so the worker never started"
                                .formatted(
                                        status.getName(),
                                        status.getState().getTerminated().getExitCode())));
    }
}

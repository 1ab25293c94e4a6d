package dev.podwork.controller.lifecycle;

import dev.podwork.controller.admission.Admissions;
import dev.podwork.controller.job.Jobs;
import dev.podwork.core.admission.Contender;
import dev.podwork.core.job.JobDecisions;
import dev.podwork.core.job.JobSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds out anew who holds slots and who waits, before anybody is admitted after a start: otherwise whoever is looked at first
 * would take the slots of those who have pods, or come before.
 */
final class AdmissionRecovery {

    private final Jobs jobs;
    private final JobGatherer gatherer;
    private final JobDecisions decisions;
    private final Admissions admissions;
    private boolean done;

    AdmissionRecovery(Jobs jobs, JobGatherer gatherer, JobDecisions decisions, Admissions admissions) {
        this.jobs = jobs;
        this.gatherer = gatherer;
        this.decisions = decisions;
        this.admissions = admissions;
    }

    /** Once, when all informers have their objects; whoever comes meanwhile waits for it. */
    synchronized void ensure() {
        if (done) {
            return;
        }
        List<JobSnapshot> waiting = new ArrayList<>();
        jobs.active().map(gatherer::remembered).forEach(snapshot -> {
            if (snapshot.hasOpenAttempt()) {
                admissions.hold(snapshot);
            } else if (decisions.decide(snapshot).claim()) {
                waiting.add(snapshot);
            }
        });
        waiting.stream()
                .sorted(Comparator.comparing(snapshot -> Contender.of(snapshot.job())))
                .forEach(admissions::claim);
        done = true;
    }
}

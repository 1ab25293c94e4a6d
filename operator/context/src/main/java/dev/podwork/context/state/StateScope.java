package dev.podwork.context.state;

import dev.podwork.core.attempt.Attempt;

/** Whose state it is: a flow's, or a job's own. */
public record StateScope(String namespace, String id) {

    public static StateScope of(Attempt attempt) {
        String flow = attempt.flowId();
        // The prefixes keep a flow from being given a job's UID as its id, and so that job's state.
        String id = flow == null ? "job/" + attempt.jobReference().getUid() : "flow/" + flow;
        return new StateScope(attempt.key().namespace(), id);
    }
}

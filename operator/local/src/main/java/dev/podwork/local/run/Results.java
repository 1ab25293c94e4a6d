package dev.podwork.local.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.Phase;
import java.util.Optional;

/** What came of jobs. */
final class Results {

    private Results() {}

    static boolean succeeded(Job job) {
        return job.getStatus() != null && job.getStatus().phase() == Phase.SUCCEEDED;
    }

    /** Results of jobs that have one; why the others failed has been said when they did. */
    static void show(Job job, Console console) {
        if (succeeded(job)) {
            JsonNode result = Optional.ofNullable(job.getStatus().result()).orElse(NullNode.instance);
            console.print(job.getMetadata().getName() + " = " + pretty(result));
        }
    }

    private static String pretty(JsonNode value) {
        return value.toPrettyString();
    }
}

package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** What a Job that goes well costs the API server, by its own count. */
@Isolated("the API server counts everybody's requests together")
class ApiWritesTest {
    private static final int JOBS = 5;

    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void a_successful_job_is_three_writes_of_the_operator() {
        TestWorker worker = sandbox.python("def handler(job, ctx):\n    return job['data']\n")
                .data("1");
        worker.start().succeeded();

        double readBefore = operatorsReads();
        Map<String, Double> before = operatorsWrites();
        // One by one: a start that takes longer than five seconds is told, and that is another write.
        for (int i = 0; i < JOBS; i++) {
            TestJob job = worker.submit();
            job.succeeded();
            job.awaitPodEnd();
        }
        Map<String, Double> made = new LinkedHashMap<>();
        operatorsWrites().forEach((what, count) -> made.put(what, (count - before.getOrDefault(what, 0.0)) / JOBS));

        System.out.println("API writes of the operator per successful job: " + made);
        assertThat(made.get("pods")).isEqualTo(1);
        assertThat(made.get("jobs/status")).isLessThanOrEqualTo(2);
        assertThat(made.values().stream().mapToDouble(it -> it).sum())
                .as("writes per job: %s", made)
                .isLessThanOrEqualTo(3);
        assertThat(operatorsReads() - readBefore)
                .as("reads of objects that nobody but the operator reads, for %d jobs", JOBS)
                .isZero();
        assertThat(CommandLine.kubectl(
                        "-n",
                        sandbox.namespace(),
                        "get",
                        "events",
                        "--field-selector=involvedObject.kind=Job",
                        "-o",
                        "name"))
                .as("Events of Jobs, each of which would be one more write")
                .isBlank();
    }

    private static double operatorsReads() {
        String page = CommandLine.kubectl("get", "--raw", "/metrics");
        return requests(page, "", "secrets", "", "GET") + requests(page, "podwork.dev", "workerdefinitions", "", "GET");
    }

    /** Writes that nobody but the operator makes, in a cluster where nothing else goes on. */
    private static Map<String, Double> operatorsWrites() {
        String page = CommandLine.kubectl("get", "--raw", "/metrics");
        Map<String, Double> writes = new LinkedHashMap<>();
        writes.put("pods", requests(page, "", "pods", "", "POST") + requests(page, "", "pods", "", "PATCH"));
        writes.put("jobs", requests(page, "podwork.dev", "jobs", "", "PUT", "PATCH", "APPLY"));
        writes.put("jobs/status", requests(page, "podwork.dev", "jobs", "status", "PUT", "PATCH", "APPLY"));
        writes.put(
                "workerdefinitions/status",
                requests(page, "podwork.dev", "workerdefinitions", "status", "PUT", "PATCH", "APPLY"));
        writes.put("configmaps", requests(page, "", "configmaps", "", "POST", "PUT", "PATCH", "APPLY"));
        return writes;
    }

    private static double requests(String page, String group, String resource, String subresource, String... verbs) {
        return java.util.Arrays.stream(verbs)
                .mapToDouble(verb -> Metrics.sum(
                        page,
                        "apiserver_request_total",
                        "group=\"" + group + "\"",
                        "resource=\"" + resource + "\"",
                        "subresource=\"" + subresource + "\"",
                        "verb=\"" + verb + "\"",
                        "code=\"20"))
                .sum();
    }
}

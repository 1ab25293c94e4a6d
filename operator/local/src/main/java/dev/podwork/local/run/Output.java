package dev.podwork.local.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.podwork.api.job.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;

/** How jobs are written for other programs. */
enum Output {
    json {
        @Override
        ObjectMapper mapper() {
            return new ObjectMapper();
        }
    },
    yaml {
        @Override
        ObjectMapper mapper() {
            return new YAMLMapper();
        }
    };

    abstract ObjectMapper mapper();

    /** One job by itself; several as a list, like kubectl. */
    String write(List<Job> jobs) {
        Object tree = jobs.size() == 1
                ? tree(jobs.get(0))
                : Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "List",
                        "items",
                        jobs.stream().map(Output::tree).toList());
        try {
            return mapper().writerWithDefaultPrettyPrinter()
                    .writeValueAsString(tree)
                    .stripTrailing();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode tree(Job job) {
        return Serialization.unmarshal(Serialization.asJson(job), JsonNode.class);
    }
}

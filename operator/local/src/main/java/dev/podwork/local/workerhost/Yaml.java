package dev.podwork.local.workerhost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Manifests for people to read: comments first, and no more quotes than needed. */
final class Yaml {
    private static final YAMLMapper MAPPER = new YAMLMapper(YAMLFactory.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .stringQuotingChecker(new Plain())
            .build());

    private Yaml() {}

    static String of(List<String> comments, HasMetadata object) {
        StringBuilder text = new StringBuilder();
        comments.forEach(comment ->
                text.append("# ").append(comment.replaceAll("\\p{Cntrl}", " ")).append('\n'));
        try {
            JsonNode tree = Serialization.unmarshal(Serialization.asJson(object), JsonNode.class);
            return text.append(MAPPER.writeValueAsString(tree)).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Leaves the quotes away where nobody could take a text for anything else. */
    private static final class Plain extends StringQuotingChecker {
        private static final long serialVersionUID = 1L;
        private static final Pattern SAFE = Pattern.compile("[A-Za-z/][-A-Za-z0-9_./]*");
        private static final Set<String> WORDS = Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n");

        @Override
        public boolean needToQuoteName(String name) {
            return needToQuoteValue(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return !SAFE.matcher(value).matches() || WORDS.contains(value.toLowerCase(Locale.ROOT));
        }
    }
}

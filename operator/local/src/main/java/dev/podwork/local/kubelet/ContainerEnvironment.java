package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment that a container's spec asks for. */
final class ContainerEnvironment {
    private static final Pattern REFERENCE = Pattern.compile("\\$(?:\\$|\\(([-._a-zA-Z][-._a-zA-Z0-9]*)\\))");

    private final Pod pod;
    private final PodObjects objects;

    ContainerEnvironment(Pod pod, PodObjects objects) {
        this.pod = pod;
        this.objects = objects;
    }

    Map<String, String> of(Container container) {
        Map<String, String> environment = new LinkedHashMap<>();
        container.getEnvFrom().forEach(source -> environment.putAll(all(source)));
        for (EnvVar variable : container.getEnv()) {
            if (variable.getValueFrom() == null) {
                String value = Optional.ofNullable(variable.getValue()).orElse("");
                environment.put(variable.getName(), expand(value, environment));
            } else {
                value(variable, variable.getValueFrom(), container)
                        .ifPresent(value -> environment.put(variable.getName(), value));
            }
        }
        return environment;
    }

    /** {@code $(NAME)} becomes the variable's value, where there is one; {@code $$} a dollar. */
    static String expand(String text, Map<String, String> environment) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            String value = match.group(1) == null ? "$" : environment.getOrDefault(match.group(1), match.group());
            return Matcher.quoteReplacement(value);
        });
    }

    private Map<String, String> all(EnvFromSource source) {
        Map<String, String> values = new LinkedHashMap<>();
        String prefix = Optional.ofNullable(source.getPrefix()).orElse("");
        if (source.getConfigMapRef() != null) {
            boolean optional = Boolean.TRUE.equals(source.getConfigMapRef().getOptional());
            objects.configMap(source.getConfigMapRef().getName(), optional)
                    .map(ConfigMap::getData)
                    .ifPresent(data -> data.forEach((key, value) -> values.put(prefix + key, value)));
        }
        if (source.getSecretRef() != null) {
            boolean optional = Boolean.TRUE.equals(source.getSecretRef().getOptional());
            objects.secret(source.getSecretRef().getName(), optional)
                    .ifPresent(secret -> PodObjects.bytes(secret)
                            .forEach((key, value) -> values.put(prefix + key, PodObjects.text(value))));
        }
        return values;
    }

    private Optional<String> value(EnvVar variable, EnvVarSource source, Container container) {
        if (source.getFieldRef() != null) {
            return Optional.of(DownwardApi.field(pod, source.getFieldRef().getFieldPath()));
        }
        if (source.getResourceFieldRef() != null) {
            return Optional.of(DownwardApi.resource(container, source.getResourceFieldRef()));
        }
        if (source.getConfigMapKeyRef() != null) {
            var key = source.getConfigMapKeyRef();
            boolean optional = Boolean.TRUE.equals(key.getOptional());
            return objects.configMap(key.getName(), optional)
                    .flatMap(configMap ->
                            PodObjects.key(configMap.getData(), key.getKey(), "ConfigMap " + key.getName(), optional));
        }
        if (source.getSecretKeyRef() != null) {
            var key = source.getSecretKeyRef();
            boolean optional = Boolean.TRUE.equals(key.getOptional());
            return objects.secret(key.getName(), optional)
                    .flatMap(secret ->
                            PodObjects.key(PodObjects.bytes(secret), key.getKey(), "Secret " + key.getName(), optional))
                    .map(PodObjects::text);
        }
        throw new PodStartException(
                "CreateContainerConfigError",
                "the source of the variable " + variable.getName() + " is not supported here");
    }
}

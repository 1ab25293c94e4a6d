package dev.podwork.api.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.type.TypeFactory;
import dev.podwork.api.job.Job;
import dev.podwork.api.worker.WorkerDefinition;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What the generator can't express, added to what it made. */
final class CrdRefinement {

    static void job(CustomResourceDefinition crd) {
        JSONSchemaProps root = refine(crd, Job.class);
        // A Job that no operator has seen yet is shown as queued, and costs no write.
        JSONSchemaProps status = property(root, "status");
        status.setDefault(JsonNodeFactory.instance.objectNode().put("phase", "Queued"));
        // It has one writer, who writes it whole: keeping book of each field's owner takes a seventh of a write's CPU
        // time.
        status.setXKubernetesMapType("atomic");
    }

    static void workerDefinition(CustomResourceDefinition crd) {
        JSONSchemaProps root = refine(crd, WorkerDefinition.class);
        property(root, "spec", "taskTypes").setXKubernetesListType("set");
        JSONSchemaProps pod = property(root, "spec", "template", "spec");
        // Nobody can create a pod with these.
        pod.getProperties().remove("ephemeralContainers");
        bound(pod);
    }

    /** Both kinds alike. */
    private static JSONSchemaProps refine(CustomResourceDefinition crd, Class<?> type) {
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().get(0);
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        root.setRequired(List.of("spec"));
        describe(root, type);
        orderColumns(version.getAdditionalPrinterColumns(), type);
        anyJsonIncludesNull(root);
        conditions(property(root, "status", "conditions"));
        return root;
    }

    /** Bounds let the API server estimate what the rules cost at most. */
    private static void bound(JSONSchemaProps pod) {
        boundNamed(property(pod, "volumes"), 128);
        for (String containers : List.of("containers", "initContainers")) {
            boundNamed(property(pod, containers), 16);
            JSONSchemaProps container = items(property(pod, containers));
            boundNamed(property(container, "env"), 512);
            property(container, "volumeMounts").setMaxItems(128L);
            property(items(property(container, "volumeMounts")), "mountPath").setMaxLength(1024L);
            for (String quantities : List.of("limits", "requests")) {
                JSONSchemaProps map = property(container, "resources", quantities);
                map.setMaxProperties(32L);
                map.getAdditionalProperties().getSchema().setMaxLength(64L);
            }
        }
    }

    private static void boundNamed(JSONSchemaProps list, long maxItems) {
        list.setMaxItems(maxItems);
        property(items(list), "name").setMaxLength(253L);
    }

    private static void describe(JSONSchemaProps root, Class<?> type) {
        JavaType[] specAndStatus =
                TypeFactory.defaultInstance().constructType(type).findTypeParameters(CustomResource.class);
        root.setDescription(description(type));
        property(root, "spec").setDescription(description(specAndStatus[0].getRawClass()));
        property(root, "status").setDescription(description(specAndStatus[1].getRawClass()));
    }

    private static String description(Class<?> type) {
        return type.getAnnotation(JsonClassDescription.class).value();
    }

    /** The generator sorts columns by path; people read them in the order that we wrote. */
    private static void orderColumns(List<CustomResourceColumnDefinition> columns, Class<?> type) {
        List<String> written = Arrays.stream(type.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        columns.sort(Comparator.comparingInt(column -> written.indexOf(column.getName())));
        // The API server drops a zero, and a GitOps tool would then see a difference for ever.
        columns.stream().filter(column -> column.getPriority() == 0).forEach(column -> column.setPriority(null));
    }

    /** Without this the API server refuses or drops a {@code null} that is somebody's value. */
    private static void anyJsonIncludesNull(JSONSchemaProps schema) {
        if (schema.getType() == null && Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields())) {
            schema.setNullable(true);
        }
        schema.getProperties().values().forEach(CrdRefinement::anyJsonIncludesNull);
        if (schema.getItems() != null) {
            anyJsonIncludesNull(items(schema));
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            anyJsonIncludesNull(schema.getAdditionalProperties().getSchema());
        }
    }

    private static void conditions(JSONSchemaProps conditions) {
        conditions.setXKubernetesListType("map");
        conditions.setXKubernetesListMapKeys(List.of("type"));
        JSONSchemaProps condition = items(conditions);
        condition.setRequired(List.of("type", "status"));
        property(condition, "lastTransitionTime").setFormat("date-time");
        property(condition, "status").setEnum(List.of(text("True"), text("False"), text("Unknown")));
        property(condition, "type").setDescription("What the condition is about.");
        property(condition, "status").setDescription("Whether it holds.");
        property(condition, "reason").setDescription("Why, as one word.");
        property(condition, "message").setDescription("Why, for people.");
        property(condition, "lastTransitionTime").setDescription("When the status last changed.");
        property(condition, "observedGeneration")
                .setDescription("The generation of the spec that the condition is about.");
    }

    private static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }

    static JSONSchemaProps items(JSONSchemaProps list) {
        return list.getItems().getSchema();
    }

    static JSONSchemaProps property(JSONSchemaProps schema, String... path) {
        JSONSchemaProps found = schema;
        for (String name : path) {
            found = found.getProperties().get(name);
            if (found == null) {
                throw new IllegalStateException("the generated schema has no " + String.join(".", path));
            }
        }
        return found;
    }

    private CrdRefinement() {}
}

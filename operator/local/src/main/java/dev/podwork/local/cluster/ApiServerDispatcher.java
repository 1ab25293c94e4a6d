package dev.podwork.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watcher.Action;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an API server does and the mock does not: merge patches as RFC 7386 has them, short generated names, pods that end before
 * they go, garbage collection by owner reference.
 *
 * <p>Requests arrive on one event loop, one after the other; so what is read here is still true when it is written.
 */
final class ApiServerDispatcher extends KubernetesCrudDispatcher {
    private final CreateAdmission admission;
    private final Runnable forgetRequests;
    private final Watches watches = new Watches();

    /** @param forgetRequests the mock keeps each request for tests to look at, without bound */
    ApiServerDispatcher(
            List<CustomResourceDefinitionContext> kinds, CreateAdmission admission, Runnable forgetRequests) {
        super(kinds);
        this.admission = admission;
        this.forgetRequests = forgetRequests;
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        forgetRequests.run();
        return super.dispatch(request);
    }

    @Override
    public MockResponse handleGet(String path) {
        return isWatch(path) ? handleWatch(path) : super.handleGet(path);
    }

    @Override
    public MockResponse handleWatch(String path) {
        return new MockResponse()
                .withWebSocketUpgrade(watches.add(
                        attributeExtractor.fromPath(path),
                        watch -> List.copyOf(map.entrySet()).forEach(entry -> {
                            if (watch.matches(entry.getKey())) {
                                watch.send(Action.ADDED, entry.getValue());
                            }
                        })));
    }

    @Override
    public MockResponse handleCreate(RecordedRequest request) {
        JsonNode body = body(request);
        if (body instanceof ObjectNode object) {
            admission.admit(object);
        }
        return super.handleCreate(rewritten(request, body));
    }

    @Override
    public MockResponse handleUpdate(RecordedRequest request) {
        JsonNode body = body(request);
        Map.Entry<AttributeSet, String> current = findResource(getKey(withoutQuery(request.getPath())));
        // The mock compares versions of an object, but not of its status.
        return current != null && Conflict.between(parse(current.getValue()), body)
                ? Conflict.response(body)
                : super.handleUpdate(rewritten(request, body));
    }

    @Override
    public MockResponse handlePatch(RecordedRequest request) {
        if (!isMergePatch(request)) {
            return super.handlePatch(rewritten(request, body(request)));
        }
        Map.Entry<AttributeSet, String> current = findResource(getKey(withoutQuery(request.getPath())));
        if (current == null) {
            return new MockResponse().setResponseCode(404);
        }
        JsonNode merged = MergePatch.apply(parse(current.getValue()), body(request));
        return handleUpdate(rewritten(request, merged));
    }

    @Override
    public void processEvent(
            String path,
            AttributeSet pathAttributes,
            @Nullable AttributeSet oldAttributes,
            @Nullable GenericKubernetesResource resource,
            @Nullable String newState) {
        String before = oldAttributes == null ? null : map.get(oldAttributes);
        super.processEvent(path, pathAttributes, oldAttributes, resource, newState);
        if (!Objects.equals(before, newState)) {
            watches.changed(oldAttributes, before, newAttributes(pathAttributes, newState), newState);
        }
        if (before != null && newState == null) {
            Dependents.of(before, map).forEach(this::handleDelete);
        }
    }

    private @Nullable AttributeSet newAttributes(AttributeSet pathAttributes, @Nullable String newState) {
        if (newState == null) {
            return null;
        }
        AttributeSet attributes = attributeExtractor.fromResource(newState);
        return attributes.containsKey(KubernetesAttributesExtractor.PLURAL)
                ? attributes
                : AttributeSet.merge(pathAttributes, attributes);
    }

    private static boolean isWatch(String path) {
        int query = path.indexOf('?');
        return query >= 0 && path.indexOf("watch=true", query) >= 0;
    }

    private static boolean isMergePatch(RecordedRequest request) {
        String contentType = Objects.requireNonNullElse(request.getHeader("Content-Type"), "");
        return contentType.startsWith(PatchType.JSON_MERGE.getContentType());
    }

    private static JsonNode body(RecordedRequest request) {
        return parse(new String(request.getBody().getBytes(), StandardCharsets.UTF_8));
    }

    private static JsonNode parse(String json) {
        return Serialization.unmarshal(json, JsonNode.class);
    }

    /** Without its query, too: the mock tells a status path by how the whole of it ends. */
    private static RecordedRequest rewritten(RecordedRequest request, JsonNode body) {
        byte[] bytes = Serialization.asJson(body).getBytes(StandardCharsets.UTF_8);
        return new RecordedRequest(
                request.getHttpVersion(),
                request.method(),
                withoutQuery(request.getPath()),
                request.getHeaders(),
                new Buffer(bytes));
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}

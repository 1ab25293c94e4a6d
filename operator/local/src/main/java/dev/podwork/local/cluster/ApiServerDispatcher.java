package dev.podwork.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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
    public MockResponse handleCreate(RecordedRequest request) {
        JsonNode body = body(request);
        if (body instanceof ObjectNode object) {
            admission.admit(object);
        }
        return super.handleCreate(rewritten(request, body));
    }

    @Override
    public MockResponse handleUpdate(RecordedRequest request) {
        return super.handleUpdate(rewritten(request, body(request)));
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
        return super.handleUpdate(rewritten(request, merged));
    }

    @Override
    public void processEvent(
            String path,
            AttributeSet pathAttributes,
            @Nullable AttributeSet oldAttributes,
            @Nullable GenericKubernetesResource resource,
            @Nullable String newState) {
        String deleted = newState == null && oldAttributes != null ? map.get(oldAttributes) : null;
        super.processEvent(path, pathAttributes, oldAttributes, resource, newState);
        if (deleted != null) {
            Dependents.of(deleted, map).forEach(this::handleDelete);
        }
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

package dev.patchbay.server.catalog;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.core.deploy.ModuleDescriptor;
import dev.patchbay.core.deploy.ModuleStatus;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes [OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.1.html) from the schemas that requests are really
/// checked with. Its schema dialect is the one of the modules, so they are taken over as they are; only
/// references are led to the place they have here.
final class OpenApi {

    private static final List<ErrorCode> ERRORS = List.of(
            ErrorCode.MALFORMED_REQUEST,
            ErrorCode.UNKNOWN_TASK,
            ErrorCode.PAYLOAD_TOO_LARGE,
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            ErrorCode.INVALID_REQUEST,
            ErrorCode.RATE_LIMITED,
            ErrorCode.MODULE_FAILED,
            ErrorCode.VERSION_UNAVAILABLE,
            ErrorCode.DEADLINE_EXCEEDED);

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final ObjectNode paths;
    private final ObjectNode schemas;

    private OpenApi(String productVersion) {
        root.put("openapi", "3.1.1");
        root.put("jsonSchemaDialect", "https://json-schema.org/draft/2020-12/schema");
        root.putObject("info")
                .put("title", "Patchbay inference gateway")
                .put("version", productVersion)
                .put("description", "One stable URL per task; the gateway chooses the version and says why.");
        paths = root.putObject("paths");
        ObjectNode components = root.putObject("components");
        schemas = components.putObject("schemas");
        schemas.set("Problem", problemSchema());
        ObjectNode responses = components.putObject("responses");
        for (ErrorCode error : ERRORS) {
            responses.set(error.id(), problemResponse(error));
        }
    }

    static ObjectNode write(Map<String, Catalog.Task> tasks, String productVersion) {
        OpenApi openApi = new OpenApi(productVersion);
        tasks.values().forEach(openApi::task);
        return openApi.root;
    }

    private void task(Catalog.Task task) {
        ModuleStatus face = task.face();
        ModuleStatus.Live live = face == null ? null : face.live();
        if (face == null || live == null) {
            return;
        }
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        ModuleDescriptor descriptor = face.descriptor();
        operation.put("operationId", task.name());
        operation.put(
                "summary",
                descriptor == null || descriptor.description().isEmpty() ? task.name() : descriptor.description());
        if (descriptor != null) {
            operation.putArray("tags").add(descriptor.owner());
        }
        ArrayNode parameters = operation.putArray("parameters");
        header(parameters, "Inference-Timeout", "How long you wait, such as 250ms; the task may allow less");
        header(parameters, "Inference-Tenant", "The tenant you ask for (development only)");
        operation
                .putObject("requestBody")
                .put("required", true)
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", component(task.name() + "_request", live.requestSchema()));
        ObjectNode responses = operation.putObject("responses");
        ObjectNode ok = responses.putObject("200").put("description", "The answer");
        ObjectNode headers = ok.putObject("headers");
        answerHeader(headers, "Inference-Version", "The version that answered");
        answerHeader(headers, "Inference-Route", "Why that version: reason, rule and config revision");
        answerHeader(headers, "Inference-Request-Id", "Names this call in logs and records");
        ObjectNode content = ok.putObject("content");
        String answer = component(task.name() + "_response", live.responseSchema());
        content.putObject("application/json").putObject("schema").put("$ref", answer);
        if (descriptor != null
                && descriptor.body() instanceof ModuleDescriptor.JavaBody body
                && body.kind() == ModuleDescriptor.Kind.STREAM) {
            content.putObject("text/event-stream")
                    .putObject("schema")
                    .put("type", "string")
                    .put("description", "Events `part`, then one `result` with the whole answer, or one `error`");
        }
        for (ErrorCode error : ERRORS) {
            String status = Integer.toString(error.httpStatus());
            if (!responses.has(status)) {
                responses.putObject(status).put("$ref", "#/components/responses/" + error.id());
            }
        }
        paths.putObject("/v1/inference/" + task.name()).set("post", operation);
    }

    private static void header(ArrayNode parameters, String name, String description) {
        parameters
                .addObject()
                .put("name", name)
                .put("in", "header")
                .put("required", false)
                .put("description", description)
                .putObject("schema")
                .put("type", "string");
    }

    private static void answerHeader(ObjectNode headers, String name, String description) {
        headers.putObject(name)
                .put("description", description)
                .putObject("schema")
                .put("type", "string");
    }

    /// Puts a schema among the components, its definitions beside it.
    private String component(String name, JsonNode schema) {
        ObjectNode copy = (ObjectNode) schema.deepCopy();
        JsonNode definitions = copy.remove("$defs");
        copy.remove("$schema");
        rewrite(copy, name);
        schemas.set(name, copy);
        if (definitions != null) {
            definitions.properties().forEach(entry -> {
                JsonNode definition = entry.getValue().deepCopy();
                rewrite(definition, name);
                schemas.set(name + "." + entry.getKey(), definition);
            });
        }
        return "#/components/schemas/" + name;
    }

    private static void rewrite(JsonNode node, String name) {
        if (node instanceof ObjectNode object && object.path("$ref").isString()) {
            String ref = object.path("$ref").stringValue();
            object.put(
                    "$ref",
                    ref.equals("#")
                            ? "#/components/schemas/" + name
                            : ref.replace("#/$defs/", "#/components/schemas/" + name + "."));
        }
        node.forEach(child -> {
            if (child.isContainer()) {
                rewrite(child, name);
            }
        });
    }

    private static ObjectNode problemSchema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object").put("description", "Problem details (RFC 9457)");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("type").put("type", "string").put("format", "uri-reference");
        properties.putObject("title").put("type", "string");
        properties.putObject("status").put("type", "integer");
        properties.putObject("detail").put("type", "string");
        ArrayNode codes = properties.putObject("code").put("type", "string").putArray("enum");
        for (ErrorCode error : ErrorCode.values()) {
            codes.add(error.id());
        }
        ObjectNode fields = properties
                .putObject("errors")
                .put("type", "array")
                .putObject("items")
                .put("type", "object");
        ObjectNode field = fields.putObject("properties");
        field.putObject("path").put("type", "string");
        field.putObject("message").put("type", "string");
        for (String name : List.of("task", "version", "request_id", "trace_id")) {
            properties.putObject(name).put("type", "string");
        }
        properties.putObject("retry_after_ms").put("type", "integer");
        schema.putArray("required")
                .add("type")
                .add("title")
                .add("status")
                .add("detail")
                .add("code");
        return schema;
    }

    private static ObjectNode problemResponse(ErrorCode error) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        response.put("description", error.title());
        response.putObject("content")
                .putObject("application/problem+json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem");
        return response;
    }
}

package dev.patchbay.testkit.conformance;

import dev.patchbay.testkit.conformance.Server.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The rules of the protocol over REST, each with its check, in the order of its text.
final class RestChecks {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String SPEC = "inference_rest.md#";
    private static final String BINARY = "extension_binary_data.md";
    private static final String REPOSITORY = "extension_model_repository.md#index";
    static final String UNKNOWN = "no_such_model_here";

    private final Server server;
    private final String model;
    private final @Nullable ObjectNode request;
    private final List<Check> all = new ArrayList<>();

    private RestChecks(Server server, String model, @Nullable ObjectNode request) {
        this.server = server;
        this.model = model;
        this.request = request;
        server();
        metadata();
        inference();
        refusals();
        binary();
        repository();
    }

    static RestChecks of(Server server, @Nullable String model, @Nullable JsonNode given) {
        if (given instanceof ObjectNode request && model != null) {
            return new RestChecks(server, model, request);
        }
        List<String> names = new ArrayList<>();
        if (model == null) {
            try {
                server.get("/v2/models").json().path("models").forEach(name -> names.add(name.asString("")));
            } catch (Broken noList) {
                names.clear();
            }
        } else {
            names.add(model);
        }
        for (String name : names) {
            ObjectNode zeros = zeros(server, name);
            if (zeros != null) {
                return new RestChecks(server, name, zeros);
            }
        }
        return new RestChecks(server, names.isEmpty() ? "" : names.getFirst(), null);
    }

    private static @Nullable ObjectNode zeros(Server server, String model) {
        try {
            ObjectNode request = NODES.objectNode();
            ArrayNode inputs = request.putArray("inputs");
            server.get("/v2/models/" + model)
                    .ok()
                    .json()
                    .path("inputs")
                    .forEach(input -> inputs.add(Tensors.zeros(input)));
            return server.post("/v2/models/" + model + "/infer", request).status() == 200 ? request : null;
        } catch (Broken noMetadata) {
            return null;
        }
    }

    List<Check> all() {
        return all;
    }

    String model() {
        return model;
    }

    /// Gives a request that the model answers; null if none is known.
    @Nullable
    JsonNode known() {
        return request;
    }

    private void must(String id, String source, String says, Runnable body) {
        all.add(new Check(new Rule(id, says, source, true), body));
    }

    private void should(String id, String source, String says, Runnable body) {
        all.add(new Check(new Rule(id, says, source, false), body));
    }

    // --- the server ---

    private void server() {
        must(
                "server-live",
                SPEC + "server-live",
                "GET /v2/health/live answers 200",
                () -> server.get("/v2/health/live").ok());
        must("server-live-body", SPEC + "server-live", "a body, if there is one, is {\"live\": true}", () -> {
            Reply live = server.get("/v2/health/live").ok();
            if (live.body().length > 0 && !live.json().path("live").isBoolean()) {
                throw Broken.because(live.words());
            }
        });
        must(
                "server-ready",
                SPEC + "server-ready",
                "GET /v2/health/ready answers 200",
                () -> server.get("/v2/health/ready").ok());
        must(
                "server-metadata",
                SPEC + "server-metadata",
                "GET /v2 tells name, version and extensions",
                () -> requireServer(server.get("/v2").ok()));
        should(
                "server-metadata-slash",
                "open_inference_rest.yaml#/v2/",
                "GET /v2/ tells the same",
                () -> requireServer(server.get("/v2/").ok()));
        must("path-unknown", SPEC + "http-rest", "an unknown path is refused with 4xx", () -> {
            Reply reply = server.get("/v2/no-such-path");
            if (reply.status() < 400 || reply.status() >= 500) {
                throw Broken.because(reply.words());
            }
        });
    }

    private static void requireServer(Reply reply) {
        JsonNode json = reply.json();
        boolean texts = json.path("extensions").isArray();
        for (JsonNode extension : json.path("extensions")) {
            texts &= extension.isString();
        }
        if (!json.path("name").isString() || !json.path("version").isString() || !texts) {
            throw Broken.because(reply.words());
        }
    }

    // --- models ---

    private String path() {
        if (model.isEmpty()) {
            throw Broken.notApplicable("no model is known; name one with --model");
        }
        return "/v2/models/" + model;
    }

    private JsonNode described() {
        return server.get(path()).ok().json();
    }

    private List<String> versions() {
        List<String> versions = new ArrayList<>();
        described().path("versions").forEach(version -> versions.add(version.asString("")));
        if (versions.isEmpty()) {
            throw Broken.notApplicable("the model has no versions");
        }
        return versions;
    }

    private void metadata() {
        String place = SPEC + "model-metadata";
        must(
                "model-ready",
                SPEC + "model-ready",
                "GET /v2/models/M/ready answers 200",
                () -> server.get(path() + "/ready").ok());
        must("model-ready-unknown", SPEC + "model-ready", "a model that is not there is not ready", () -> {
            Reply reply = server.get("/v2/models/" + UNKNOWN + "/ready");
            if (reply.status() == 200 || reply.status() >= 500 && reply.status() != 503) {
                throw Broken.because(reply.words());
            }
        });
        must("model-metadata", place, "GET /v2/models/M tells name, platform, inputs and outputs", () -> {
            Reply reply = server.get(path()).ok();
            JsonNode json = reply.json();
            if (!json.path("name").asString("").equals(model)
                    || !json.path("platform").isString()) {
                throw Broken.because(reply.words());
            }
            requireTensors(json.path("inputs"), reply);
            requireTensors(json.path("outputs"), reply);
        });
        must("model-metadata-versions", place, "versions are texts", () -> {
            Reply reply = server.get(path()).ok();
            for (JsonNode version : reply.json().path("versions")) {
                if (!version.isString()) {
                    throw Broken.because(reply.words());
                }
            }
        });
        must(
                "model-metadata-unknown",
                place,
                "a model that is not there is refused with 4xx and {\"error\"}",
                () -> server.get("/v2/models/" + UNKNOWN).refused());
        must(
                "version-metadata",
                place,
                "every version that is listed tells of itself",
                () -> versions()
                        .forEach(version ->
                                server.get(path() + "/versions/" + version).ok()));
        must(
                "version-ready",
                SPEC + "model-ready",
                "every version that is listed says whether it is ready",
                () -> versions()
                        .forEach(version -> server.get(path() + "/versions/" + version + "/ready")
                                .ok()));
        must("version-unknown", place, "a version that is not there is refused with 4xx and {\"error\"}", () -> {
            versions();
            server.get(path() + "/versions/987654321").refused();
        });
    }

    private static void requireTensors(JsonNode tensors, Reply reply) {
        if (!tensors.isArray()) {
            throw Broken.because(reply.words());
        }
        for (JsonNode tensor : tensors) {
            boolean sizes = tensor.path("shape").isArray();
            for (JsonNode size : tensor.path("shape")) {
                sizes &= size.isIntegralNumber() && size.longValue() >= -1;
            }
            if (!tensor.path("name").isString()
                    || !Tensors.isDatatype(tensor.path("datatype").asString(""))
                    || !sizes) {
                throw Broken.because(
                        "the tensor %s has not name, datatype and shape of the protocol".formatted(tensor));
            }
        }
    }

    // --- inference ---

    private ObjectNode request() {
        if (request == null) {
            throw Broken.notApplicable("no model answers a request of zeros; give one with --model and --request");
        }
        return request.deepCopy();
    }

    private ObjectNode firstInput(ObjectNode of) {
        if (!(of.path("inputs").path(0) instanceof ObjectNode input)) {
            throw Broken.notApplicable("the request has no inputs");
        }
        return input;
    }

    private Reply infer(ObjectNode body) {
        return server.post(path() + "/infer", body);
    }

    private JsonNode answered() {
        return infer(request()).ok().json();
    }

    private void inference() {
        String place = SPEC + "inference";
        must(
                "infer",
                place + "-response-json-object",
                "POST …/infer gives model_name and outputs with name, shape, datatype, data",
                () -> {
                    Reply reply = infer(request()).ok();
                    JsonNode json = reply.json();
                    if (!json.path("model_name").isString()
                            || !json.path("outputs").isArray()) {
                        throw Broken.because(reply.words());
                    }
                    for (JsonNode output : json.path("outputs")) {
                        if (!output.path("name").isString()
                                || !Tensors.isDatatype(output.path("datatype").asString(""))
                                || !output.path("data").isArray()
                                || Tensors.flat(output.path("data")).size() != Tensors.elements(output.path("shape"))) {
                            throw Broken.because("the output %s does not hold together".formatted(output));
                        }
                    }
                });
        must(
                "infer-as-described",
                SPEC + "model-metadata",
                "outputs are those of the metadata, with their datatypes and sizes",
                () -> {
                    JsonNode described = described().path("outputs");
                    for (JsonNode output : answered().path("outputs")) {
                        requireDescribed(output, described);
                    }
                });
        must(
                "infer-version",
                place,
                "every version that is listed answers by its name",
                () -> versions().forEach(version -> {
                    Reply reply = server.post(path() + "/versions/" + version + "/infer", request())
                            .ok();
                    String named = reply.json().path("model_version").asString(version);
                    if (!named.equals(version)) {
                        throw Broken.because("version %s was asked, %s answered".formatted(version, named));
                    }
                }));
        must("infer-id", place + "-response-json-object", "the id of the request comes back", () -> {
            Reply reply = infer(request().put("id", "conformance-17")).ok();
            if (!reply.json().path("id").asString("").equals("conformance-17")) {
                throw Broken.because(reply.words());
            }
        });
        must("infer-outputs", place + "-request-json-object", "only the outputs that are asked for come", () -> {
            ObjectNode one = request();
            String name = answered().path("outputs").path(0).path("name").asString("");
            one.putArray("outputs").addObject().put("name", name);
            JsonNode outputs = infer(one).ok().json().path("outputs");
            if (outputs.size() != 1
                    || !outputs.path(0).path("name").asString("").equals(name)) {
                throw Broken.because("%s was asked for, but %d outputs came".formatted(name, outputs.size()));
            }
        });
        must("infer-nested-or-flat", SPEC + "tensor-data", "data may be nested as the shape says, or flat", () -> {
            ObjectNode flat = request();
            ObjectNode nested = request();
            for (JsonNode each : flat.path("inputs")) {
                ArrayNode data = NODES.arrayNode();
                Tensors.flat(each.path("data")).forEach(data::add);
                ((ObjectNode) each).set("data", data);
            }
            for (JsonNode each : nested.path("inputs")) {
                ((ObjectNode) each).set("data", Tensors.nested(Tensors.flat(each.path("data")), each.path("shape")));
            }
            requireEqual(infer(flat).ok(), infer(nested).ok());
        });
        must("infer-parameters", SPEC + "parameters", "parameters that mean nothing to the server do no harm", () -> {
            ObjectNode body = request();
            body.putObject("parameters").put("x_text", "a").put("x_number", 1.5).put("x_flag", true);
            firstInput(body).putObject("parameters").put("x_text", "a");
            infer(body).ok();
        });
        should("infer-order", "RFC 8259 §4", "the members of an input may come in any order", () -> {
            ObjectNode body = request();
            ArrayNode turned = NODES.arrayNode();
            for (JsonNode input : body.path("inputs")) {
                ObjectNode last = turned.addObject();
                for (String member : List.of("data", "parameters", "shape", "datatype", "name")) {
                    if (input.has(member)) {
                        last.set(member, input.path(member));
                    }
                }
            }
            body.set("inputs", turned);
            infer(body).ok();
        });
    }

    private static void requireDescribed(JsonNode output, JsonNode described) {
        for (JsonNode known : described) {
            if (!known.path("name").equals(output.path("name"))) {
                continue;
            }
            JsonNode shape = output.path("shape");
            boolean fits = known.path("datatype").equals(output.path("datatype"))
                    && known.path("shape").size() == shape.size();
            for (int i = 0; fits && i < shape.size(); i++) {
                long size = known.path("shape").path(i).longValue();
                fits = size < 0 || size == shape.path(i).longValue();
            }
            if (!fits) {
                throw Broken.because("the metadata has %s, the answer %s of shape %s"
                        .formatted(known, output.path("datatype"), shape));
            }
            return;
        }
        throw Broken.because("the metadata has no output " + output.path("name"));
    }

    private static void requireEqual(Reply one, Reply other) {
        if (!one.json().path("outputs").equals(other.json().path("outputs"))) {
            throw Broken.because(
                    "the same request in two forms was answered by %s and by %s".formatted(one.text(), other.text()));
        }
    }

    // --- what is wrong is refused ---

    private void refusals() {
        String place = SPEC + "inference-response-errors";
        must(
                "refuse-unknown-model",
                place,
                "inference by a model that is not there is refused with {\"error\"}",
                () -> server.post("/v2/models/" + UNKNOWN + "/infer", request()).refused());
        must(
                "refuse-no-json",
                place,
                "a body that is no JSON is refused",
                () -> server.post(path() + "/infer", "{\"inputs\": [".getBytes(StandardCharsets.UTF_8), null)
                        .refused());
        must(
                "refuse-no-inputs",
                SPEC + "inference-request-json-object",
                "a request without inputs is refused",
                () -> server.post(path() + "/infer", NODES.objectNode().put("id", "1"))
                        .refused());
        refusesInput(
                "refuse-unknown-input", "an input that the model does not have", input -> input.put("name", "no_such"));
        refusesInput("refuse-no-datatype", "an input without datatype", input -> input.remove("datatype"));
        refusesInput("refuse-no-shape", "an input without shape", input -> input.remove("shape"));
        refusesInput("refuse-no-data", "an input without data", input -> input.remove("data"));
        refusesInput("refuse-datatype", "a datatype that does not exist", input -> input.put("datatype", "FP17"));
        refusesInput("refuse-few-values", "fewer values than the shape holds", input -> {
            ArrayNode data = NODES.arrayNode();
            Tensors.flat(input.path("data")).forEach(data::add);
            data.remove(0);
            input.set("data", data);
        });
        refusesInput("refuse-many-values", "more values than the shape holds", input -> {
            ArrayNode data = NODES.arrayNode();
            Tensors.flat(input.path("data")).forEach(data::add);
            data.add(data.path(0));
            input.set("data", data);
        });
        refusesInput("refuse-value-type", "values of another type", input -> {
            ArrayNode data = NODES.arrayNode();
            Tensors.flat(input.path("data")).forEach(value -> data.addObject());
            input.set("data", data);
        });
        refusesInput("refuse-negative-shape", "a shape with a negative size", input -> setShape(input, -1, -1));
        refusesInput(
                "refuse-shape-bomb", "a shape beyond every memory", input -> setShape(input, 2147483647L, 2147483647L));
        refusesInput(
                "refuse-shape-overflow",
                "a shape whose product overflows",
                input -> setShape(input, 4294967296L, 4294967296L, 4L));
        must("alive-after", SPEC + "server-live", "after all that the server lives and answers", () -> {
            server.get("/v2/health/live").ok();
            if (request != null) {
                infer(request()).ok();
            }
        });
    }

    private static void setShape(ObjectNode input, long... sizes) {
        ArrayNode shape = input.putArray("shape");
        Arrays.stream(sizes).forEach(shape::add);
    }

    private void refusesInput(String id, String what, Consumer<ObjectNode> change) {
        must(id, SPEC + "request-input", what + " is refused with 4xx and {\"error\"}", () -> {
            ObjectNode body = request();
            change.accept(firstInput(body));
            infer(body).refused();
        });
    }

    // --- tensors in bytes ---

    private void requireBinary() {
        for (JsonNode extension : server.get("/v2").ok().json().path("extensions")) {
            if (extension.asString("").equals("binary_tensor_data")) {
                return;
            }
        }
        throw Broken.notApplicable("the server does not announce binary_tensor_data");
    }

    /// A request whose inputs from one on are in bytes.
    private Reply inferBinary(int from, int tooMuch) {
        requireBinary();
        ObjectNode body = request();
        List<byte[]> raw = new ArrayList<>();
        int at = 0;
        for (JsonNode each : body.path("inputs")) {
            ObjectNode input = (ObjectNode) each;
            if (at++ >= from) {
                byte[] bytes = Tensors.raw(input.path("datatype").asString(""), input.path("data"));
                input.remove("data");
                input.withObject("parameters").put("binary_data_size", bytes.length + tooMuch);
                raw.add(bytes);
            }
        }
        byte[] json = Server.JSON.writeValueAsBytes(body);
        ByteBuffer whole = ByteBuffer.allocate(
                json.length + raw.stream().mapToInt(bytes -> bytes.length).sum());
        whole.put(json);
        raw.forEach(whole::put);
        return server.post(path() + "/infer", whole.array(), Integer.toString(json.length));
    }

    private void binary() {
        must(
                "binary-input",
                BINARY,
                "inputs in bytes are answered as those in JSON",
                () -> requireEqual(infer(request()).ok(), inferBinary(0, 0).ok()));
        must("binary-mixed", BINARY, "inputs in JSON and in bytes may be mixed", () -> {
            if (request().path("inputs").size() < 2) {
                throw Broken.notApplicable("the model has one input");
            }
            requireEqual(infer(request()).ok(), inferBinary(1, 0).ok());
        });
        must("binary-output", BINARY, "outputs in bytes are those in JSON; the header tells where they begin", () -> {
            requireBinary();
            ObjectNode body = request();
            body.putObject("parameters").put("binary_data_output", true);
            requireRaw(infer(body).ok());
        });
        must("binary-output-each", BINARY, "an output says for itself that it is in bytes", () -> {
            requireBinary();
            ObjectNode body = request();
            ArrayNode outputs = body.putArray("outputs");
            for (JsonNode output : answered().path("outputs")) {
                outputs.addObject()
                        .put("name", output.path("name").asString(""))
                        .putObject("parameters")
                        .put("binary_data", true);
            }
            requireRaw(infer(body).ok());
        });
        must(
                "binary-refuse-size",
                BINARY,
                "a binary_data_size that does not match is refused with 4xx and {\"error\"}",
                () -> inferBinary(0, 1).refused());
        must("binary-refuse-header", BINARY, "a header beyond the body is refused with 4xx and {\"error\"}", () -> {
            requireBinary();
            byte[] json = Server.JSON.writeValueAsBytes(request());
            server.post(path() + "/infer", json, Integer.toString(json.length + 1000))
                    .refused();
        });
    }

    private void requireRaw(Reply reply) {
        if (reply.jsonLength() == reply.body().length) {
            throw Broken.because(reply.words() + ": no bytes behind the JSON");
        }
        JsonNode expected = answered().path("outputs");
        int at = reply.jsonLength();
        int i = 0;
        for (JsonNode output : reply.json().path("outputs")) {
            int size = output.path("parameters").path("binary_data_size").asInt(-1);
            if (size < 0 || at + size > reply.body().length) {
                throw Broken.because("the output %s has the binary_data_size %d of %d bytes"
                        .formatted(output.path("name"), size, reply.body().length - at));
            }
            byte[] wanted = Tensors.raw(
                    output.path("datatype").asString(""), expected.path(i++).path("data"));
            if (!Arrays.equals(wanted, Arrays.copyOfRange(reply.body(), at, at + size))) {
                throw Broken.because(
                        "the bytes of output %s are not its values in JSON".formatted(output.path("name")));
            }
            at += size;
        }
        if (at != reply.body().length) {
            throw Broken.because("%d bytes are behind the last output".formatted(reply.body().length - at));
        }
    }

    // --- the repository ---

    private void repository() {
        should("repository-index", REPOSITORY, "POST /v2/repository/index lists models with name and state", () -> {
            boolean announced = false;
            for (JsonNode extension : server.get("/v2").ok().json().path("extensions")) {
                announced |= extension.asString("").equals("model_repository");
            }
            if (!announced) {
                throw Broken.notApplicable("the server does not announce model_repository");
            }
            Reply reply =
                    server.post("/v2/repository/index", NODES.objectNode()).ok();
            for (JsonNode entry : reply.json()) {
                if (!entry.path("name").isString()) {
                    throw Broken.because(reply.words());
                }
            }
        });
    }
}

package dev.patchbay.runtime.remote;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import dev.patchbay.oip.tensor.InvalidTensor;
import dev.patchbay.oip.tensor.JsonTensor;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A model behind [TensorFlow Serving's REST API](https://www.tensorflow.org/tfx/serving/api_rest): `:predict` in its
/// row format (`instances`, `predictions`) or its column format (`inputs`, `outputs`).
final class TensorFlowServing implements TensorServer {

    /// The names of TensorFlow's types in a signature.
    private static final Map<String, TensorType> TYPES = Map.ofEntries(
            Map.entry("DT_FLOAT", TensorType.FP32),
            Map.entry("DT_DOUBLE", TensorType.FP64),
            Map.entry("DT_INT8", TensorType.INT8),
            Map.entry("DT_INT16", TensorType.INT16),
            Map.entry("DT_INT32", TensorType.INT32),
            Map.entry("DT_INT64", TensorType.INT64),
            Map.entry("DT_UINT8", TensorType.UINT8),
            Map.entry("DT_UINT16", TensorType.UINT16),
            Map.entry("DT_UINT32", TensorType.UINT32),
            Map.entry("DT_UINT64", TensorType.UINT64),
            Map.entry("DT_BOOL", TensorType.BOOL),
            Map.entry("DT_STRING", TensorType.BYTES));

    private final HttpCalls http;
    private final RemoteModel model;
    private final String signatureName;
    private final boolean rows;
    private final String path;

    /// @param rows whether the row format is spoken; it needs a first dimension that all tensors share
    TensorFlowServing(HttpCalls http, RemoteModel model, String signatureName, boolean rows) {
        this.http = http;
        this.model = model;
        this.signatureName = signatureName;
        this.rows = rows;
        this.path = "/v1/models/" + OipRest.encoded(model.name())
                + (model.version() == null ? "" : "/versions/" + OipRest.encoded(model.version()));
    }

    @Override
    public boolean isReady(Patience patience) throws InterruptedException {
        HttpResponse<byte[]> response =
                http.send(HttpCalls.Question.get(http.target().at(path)), patience);
        if (response.statusCode() != 200) {
            return false;
        }
        for (JsonNode version : json(response).path("model_version_status")) {
            if (version.path("state").asString("").equals("AVAILABLE")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Signature signature(Patience patience) throws InterruptedException {
        JsonNode signatures = json(http.ask(HttpCalls.Question.get(http.target().at(path + "/metadata")), patience))
                .at("/metadata/signature_def/signature_def");
        JsonNode signature = signatures.path(signatureName);
        if (!signature.isObject()) {
            throw RemoteFailure.of(
                    http.target(),
                    "has no signature '%s' of model %s; there are %s"
                            .formatted(
                                    signatureName,
                                    model.name(),
                                    RemoteFailure.excerpt(String.join(", ", signatures.propertyNames()))),
                    null);
        }
        return new Signature(specs(signature.path("inputs")), specs(signature.path("outputs")))
                .whole(http.target(), model.name());
    }

    private List<TensorSpec> specs(JsonNode tensors) {
        List<TensorSpec> specs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> tensor : tensors.properties()) {
            JsonNode shape = tensor.getValue().path("tensor_shape");
            String datatype = tensor.getValue().path("dtype").asString("");
            TensorType type = TYPES.get(datatype);
            if (type == null || shape.path("unknown_rank").asBoolean(false)) {
                throw RemoteFailure.of(
                        http.target(),
                        "describes a tensor '%s' of %s%s; write inputs and outputs in module.yaml"
                                .formatted(tensor.getKey(), datatype, type == null ? "" : " with an unknown rank"),
                        null);
            }
            List<Long> sizes = new ArrayList<>();
            // sizes are 64-bit numbers, which JSON of protobuf writes as text
            shape.path("dim").forEach(size -> sizes.add(size.path("size").asLong(-1)));
            specs.add(new TensorSpec(tensor.getKey(), type, sizes));
        }
        return specs;
    }

    @Override
    public Tensors infer(Tensors inputs, Signature signature, Call call, Patience patience)
            throws InterruptedException {
        ObjectNode request = JsonText.MAPPER.createObjectNode();
        request.put("signature_name", signatureName);
        if (rows) {
            request.set("instances", instances(inputs));
        } else {
            ObjectNode columns = request.putObject("inputs");
            inputs.byName().forEach((name, tensor) -> columns.set(name, NestedList.of(name, tensor)));
        }
        Map<String, String> headers = new LinkedHashMap<>(Headers.of(call, patience));
        headers.put("content-type", "application/json");
        JsonNode answer = json(http.ask(
                new HttpCalls.Question(
                        "POST",
                        http.target().at(path + ":predict"),
                        headers,
                        JsonText.MAPPER.writeValueAsBytes(request),
                        model.repeatable()),
                patience));
        Map<String, JsonNode> columns =
                rows ? columns(answer.path("predictions"), signature) : named(answer, signature);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (TensorSpec spec : signature.outputs()) {
            JsonNode values = columns.get(spec.name());
            if (values != null) {
                tensors.put(spec.name(), tensor(spec, values));
            }
        }
        return Answered.of(http.target(), tensors, signature);
    }

    private static ArrayNode instances(Tensors inputs) {
        ArrayNode instances = JsonText.MAPPER.createArrayNode();
        inputs.byName().forEach((name, tensor) -> {
            JsonNode values = NestedList.of(name, tensor);
            if (!values.isArray() || (!instances.isEmpty() && values.size() != instances.size())) {
                throw InferenceException.invalid(
                        "", "Input '%s' is no list of as many rows as the others".formatted(name));
            }
            for (int i = 0; i < values.size(); i++) {
                ObjectNode row = i < instances.size() ? (ObjectNode) instances.get(i) : instances.addObject();
                row.set(name, values.get(i));
            }
        });
        return instances;
    }

    /// A single output is not named, several are.
    private static Map<String, JsonNode> named(JsonNode answer, Signature signature) {
        JsonNode outputs = answer.path("outputs");
        Map<String, JsonNode> columns = new LinkedHashMap<>();
        if (signature.outputs().size() == 1 && !outputs.isObject()) {
            columns.put(signature.outputs().getFirst().name(), outputs);
        } else {
            outputs.properties().forEach(output -> columns.put(output.getKey(), output.getValue()));
        }
        return columns;
    }

    private static Map<String, JsonNode> columns(JsonNode predictions, Signature signature) {
        Map<String, JsonNode> columns = new LinkedHashMap<>();
        for (TensorSpec spec : signature.outputs()) {
            ArrayNode column = JsonText.MAPPER.createArrayNode();
            for (JsonNode row : predictions) {
                column.add(row.isObject() && row.has(spec.name()) ? row.path(spec.name()) : row);
            }
            columns.put(spec.name(), column);
        }
        return columns;
    }

    private Tensor tensor(TensorSpec spec, JsonNode values) {
        long[] shape = NestedList.shape(values);
        JsonNode list = values;
        if (shape.length == 0) {
            list = JsonText.MAPPER.createArrayNode().add(values);
        }
        try (JsonParser parser = list.traverse(ObjectReadContext.empty())) {
            parser.nextToken();
            return JsonTensor.read(parser, spec.name(), spec.type(), shape, Integer.MAX_VALUE);
        } catch (InvalidTensor e) {
            throw RemoteFailure.of(
                    http.target(), "answers with a tensor '%s' that %s".formatted(e.tensor(), e.what()), null);
        }
    }

    private JsonNode json(HttpResponse<byte[]> response) {
        return JsonText.read(http.target(), response.body(), response.body().length);
    }
}

package dev.patchbay.runtime.remote;

import dev.patchbay.api.Call;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import dev.patchbay.oip.tensor.InvalidTensor;
import dev.patchbay.oip.tensor.JsonTensor;
import dev.patchbay.oip.tensor.RawTensor;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/// A model behind the [Open Inference
/// Protocol](https://github.com/kserve/open-inference-protocol) over REST, with its binary tensor extension.
final class OipRest implements TensorServer {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String LENGTH = "Inference-Header-Content-Length";

    private final HttpCalls http;
    private final String path;
    private final RemoteModel model;
    /// Whether tensors go as bytes; null until the server was asked whether it takes them.
    private volatile @Nullable Boolean binary;

    OipRest(HttpCalls http, RemoteModel model) {
        this.http = http;
        this.model = model;
        this.binary = model.binary();
        this.path = "/v2/models/" + encoded(model.name())
                + (model.version() == null ? "" : "/versions/" + encoded(model.version()));
    }

    static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public boolean isReady(Patience patience) throws InterruptedException {
        var question = HttpCalls.Question.get(http.target().at(path + "/ready"));
        HttpResponse<byte[]> response = http.send(question, patience);
        // servers agree on 200 alone: a model that is not ready is 400, 404 or 503, with many a body
        return response.statusCode() == 200
                && JsonText.flag(new String(response.body(), StandardCharsets.UTF_8), "ready", true);
    }

    @Override
    public Signature signature(Patience patience) throws InterruptedException {
        JsonNode metadata = json(http.ask(HttpCalls.Question.get(http.target().at(path)), patience));
        return new Signature(specs(metadata.path("inputs")), specs(metadata.path("outputs")))
                .whole(http.target(), model.name());
    }

    private List<TensorSpec> specs(JsonNode tensors) {
        List<TensorSpec> specs = new ArrayList<>();
        for (JsonNode tensor : tensors) {
            List<Long> shape = new ArrayList<>();
            tensor.path("shape").forEach(size -> shape.add(size.asLong(-1)));
            specs.add(Signature.told(
                    http.target(),
                    tensor.path("name").asString(""),
                    tensor.path("datatype").asString(""),
                    shape));
        }
        return specs;
    }

    private boolean binary(Patience patience) throws InterruptedException {
        Boolean known = binary;
        if (known == null) {
            known = false;
            JsonNode server = json(http.ask(HttpCalls.Question.get(http.target().at("/v2")), patience));
            for (JsonNode extension : server.path("extensions")) {
                known |= extension.asString("").equals("binary_tensor_data");
            }
            binary = known;
        }
        return known;
    }

    @Override
    public Tensors infer(Tensors inputs, Signature signature, Call call, Patience patience)
            throws InterruptedException {
        boolean inBytes = binary(patience);
        ByteArrayOutputStream json = new ByteArrayOutputStream(512);
        List<Tensor> behind = new ArrayList<>();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
            out.writeStartObject();
            out.writeStringProperty("id", call.requestId());
            if (inBytes) {
                out.writeObjectPropertyStart("parameters");
                out.writeBooleanProperty("binary_data_output", true);
                out.writeEndObject();
            }
            out.writeArrayPropertyStart("inputs");
            for (Map.Entry<String, Tensor> input : inputs.byName().entrySet()) {
                input(out, input.getKey(), input.getValue(), inBytes, behind);
            }
            out.writeEndArray();
            outputs(out, signature, inBytes);
            out.writeEndObject();
        }
        Map<String, String> headers = new LinkedHashMap<>(Headers.of(call, patience));
        headers.put("content-type", behind.isEmpty() ? "application/json" : "application/octet-stream");
        if (!behind.isEmpty()) {
            headers.put(LENGTH, Integer.toString(json.size()));
        }
        var question = new HttpCalls.Question(
                "POST", http.target().at(path + "/infer"), headers, body(json, behind), model.repeatable());
        return read(http.ask(question, patience), signature);
    }

    private static void input(JsonGenerator out, String name, Tensor tensor, boolean inBytes, List<Tensor> behind) {
        out.writeStartObject();
        out.writeStringProperty("name", name);
        out.writeStringProperty("datatype", tensor.type().name());
        out.writeName("shape");
        long[] shape = tensor.shape();
        out.writeArray(shape, 0, shape.length);
        if (inBytes || isHalf(tensor.type())) {
            out.writeObjectPropertyStart("parameters");
            out.writeNumberProperty("binary_data_size", RawTensor.size(tensor));
            out.writeEndObject();
            behind.add(tensor);
        } else {
            out.writeName("data");
            try {
                JsonTensor.write(out, name, tensor);
            } catch (InvalidTensor e) {
                throw InferenceException.invalid("", "Input '" + name + "' " + e.what());
            }
        }
        out.writeEndObject();
    }

    private static void outputs(JsonGenerator out, Signature signature, boolean inBytes) {
        out.writeArrayPropertyStart("outputs");
        for (TensorSpec output : signature.outputs()) {
            out.writeStartObject();
            out.writeStringProperty("name", output.name());
            if (inBytes || isHalf(output.type())) {
                out.writeObjectPropertyStart("parameters");
                out.writeBooleanProperty("binary_data", true);
                out.writeEndObject();
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static boolean isHalf(TensorType type) {
        return type == TensorType.FP16 || type == TensorType.BF16;
    }

    private static byte[] body(ByteArrayOutputStream json, List<Tensor> behind) {
        if (behind.isEmpty()) {
            return json.toByteArray();
        }
        long size = json.size();
        for (Tensor tensor : behind) {
            size += RawTensor.size(tensor);
        }
        ByteBuffer body = ByteBuffer.allocate(Math.toIntExact(size)).put(json.toByteArray());
        behind.forEach(tensor -> RawTensor.write(tensor, body));
        return body.array();
    }

    private JsonNode json(HttpResponse<byte[]> response) {
        return JsonText.read(http.target(), response.body(), response.body().length);
    }

    private Tensors read(HttpResponse<byte[]> response, Signature signature) {
        byte[] body = response.body();
        String header = response.headers().firstValue(LENGTH).orElse("");
        int length = header.isEmpty() ? body.length : jsonLength(header, body.length);
        JsonNode answer = JsonText.read(http.target(), body, length);
        ByteBuffer behind = ByteBuffer.wrap(body, length, body.length - length);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try {
            for (JsonNode output : answer.path("outputs")) {
                tensors.put(output.path("name").asString(""), tensor(output, behind, body.length));
            }
        } catch (InvalidTensor e) {
            throw RemoteFailure.of(
                    http.target(), "answers with a tensor '%s' that %s".formatted(e.tensor(), e.what()), null);
        }
        return Answered.of(http.target(), tensors, signature);
    }

    private int jsonLength(String header, int body) {
        if (header.matches("\\d{1,9}") && Integer.parseInt(header) <= body) {
            return Integer.parseInt(header);
        }
        throw RemoteFailure.of(
                http.target(),
                "answers with %s: %s, but its body has %d bytes".formatted(LENGTH, RemoteFailure.excerpt(header), body),
                null);
    }

    private Tensor tensor(JsonNode output, ByteBuffer behind, int available) {
        String name = output.path("name").asString("");
        TensorType type = Signature.type(output.path("datatype").asString(""));
        if (type == null) {
            throw RemoteFailure.of(
                    http.target(),
                    "answers with a tensor '%s' of the datatype '%s'"
                                    .formatted(
                                            RemoteFailure.excerpt(name),
                                            RemoteFailure.excerpt(
                                                    output.path("datatype").asString("")))
                            + ", which is none of the protocol",
                    null);
        }
        long[] shape = new long[output.path("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = output.path("shape").path(i).asLong(-1);
        }
        JsonNode size = output.path("parameters").path("binary_data_size");
        if (size.isMissingNode()) {
            return data(name, type, shape, output.path("data"), available);
        }
        if (!size.isIntegralNumber() || size.asLong(-1) < 0 || size.asLong(-1) > behind.remaining()) {
            throw RemoteFailure.of(
                    http.target(),
                    "answers with a tensor '%s' of %s bytes, but %d follow"
                            .formatted(RemoteFailure.excerpt(name), size, behind.remaining()),
                    null);
        }
        ByteBuffer raw = behind.slice(behind.position(), size.asInt());
        behind.position(behind.position() + size.asInt());
        return RawTensor.read(name, type, shape, raw);
    }

    private static Tensor data(String name, TensorType type, long[] shape, JsonNode data, int available) {
        try (JsonParser values = Objects.requireNonNull(data).traverse(ObjectReadContext.empty())) {
            values.nextToken();
            return JsonTensor.read(values, name, type, shape, available);
        }
    }
}

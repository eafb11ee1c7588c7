package dev.patchbay.testkit.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A small server of the protocol with one model, `twice`, that has one fault at most: those that servers in use have.
final class StandIn implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// What can be wrong with it, and the rule that finds it.
    enum Fault {
        NONE(""),
        NO_SERVER_METADATA("server-metadata"),
        LIVE_SAYS_OK("server-live-body"),
        VERSION_FAILS("version-metadata"),
        UNKNOWN_MODEL_FAILS("model-metadata-unknown"),
        UNKNOWN_MODEL_IS_READY("model-ready-unknown"),
        ERROR_IS_TEXT("refuse-no-json"),
        ID_IS_LOST("infer-id"),
        ALL_OUTPUTS_ALWAYS("infer-outputs"),
        FLAT_ONLY("infer-nested-or-flat"),
        SHAPE_IS_WRONG("infer"),
        DATATYPE_DIFFERS("infer-as-described"),
        COUNT_UNCHECKED("refuse-many-values"),
        BOMB_EXPLODES("refuse-shape-bomb"),
        BINARY_HEADER_IS_OFF("binary-output"),
        BINARY_IS_BIG_ENDIAN("binary-input"),
        BINARY_SIZE_UNCHECKED("binary-refuse-size"),
        PARAMETERS_REFUSED("infer-parameters");

        final String rule;

        Fault(String rule) {
            this.rule = rule;
        }
    }

    private final Fault fault;
    private final HttpServer server;

    StandIn(Fault fault) throws IOException {
        this.fault = fault;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private static final class Bad extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int status;

        Bad(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        String head = exchange.getRequestHeaders().getFirst(Server.JSON_LENGTH);
        try {
            if (path.endsWith("/infer")) {
                infer(exchange, path, body, head);
            } else {
                send(exchange, 200, describe(path), null);
            }
        } catch (Bad bad) {
            String message = String.valueOf(bad.getMessage());
            byte[] error = fault == Fault.ERROR_IS_TEXT
                    ? message.getBytes(StandardCharsets.UTF_8)
                    : JSON.writeValueAsBytes(NODES.objectNode().put("error", message));
            send(exchange, bad.status, error, null);
        } catch (RuntimeException bug) {
            send(exchange, 500, "{\"error\": \"bug\"}".getBytes(StandardCharsets.UTF_8), null);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body, @Nullable String jsonLength)
            throws IOException {
        if (jsonLength != null) {
            exchange.getResponseHeaders().set(Server.JSON_LENGTH, jsonLength);
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private byte[] describe(String path) {
        return switch (path) {
            case "/v2", "/v2/" -> {
                if (fault == Fault.NO_SERVER_METADATA) {
                    throw new Bad(404, "nothing");
                }
                ObjectNode server = NODES.objectNode().put("name", "stand-in").put("version", "1");
                server.putArray("extensions").add("binary_tensor_data");
                yield JSON.writeValueAsBytes(server);
            }
            case "/v2/health/live" ->
                fault == Fault.LIVE_SAYS_OK ? "{\"status\": \"ok\"}".getBytes(StandardCharsets.UTF_8) : new byte[0];
            case "/v2/health/ready", "/v2/models/twice/ready", "/v2/models/twice/versions/1/ready" -> new byte[0];
            case "/v2/models" -> "{\"models\": [\"twice\"]}".getBytes(StandardCharsets.UTF_8);
            case "/v2/models/twice" -> model();
            case "/v2/models/twice/versions/1" -> {
                if (fault == Fault.VERSION_FAILS) {
                    throw new IllegalStateException();
                }
                yield model();
            }
            default -> {
                if (fault == Fault.UNKNOWN_MODEL_FAILS && path.equals("/v2/models/no_such_model_here")) {
                    throw new IllegalStateException();
                }
                if (fault == Fault.UNKNOWN_MODEL_IS_READY && path.endsWith("/ready")) {
                    yield new byte[0];
                }
                throw new Bad(404, "nothing at " + path);
            }
        };
    }

    private static byte[] model() {
        ObjectNode model = NODES.objectNode().put("name", "twice").put("platform", "test");
        model.putArray("versions").add("1");
        tensor(model.putArray("inputs"), "a");
        tensor(model.withArray("inputs"), "b");
        tensor(model.putArray("outputs"), "a");
        tensor(model.withArray("outputs"), "b");
        return JSON.writeValueAsBytes(model);
    }

    private static void tensor(ArrayNode list, String name) {
        list.addObject()
                .put("name", name)
                .put("datatype", "FP32")
                .putArray("shape")
                .add(-1)
                .add(2);
    }

    private void infer(HttpExchange exchange, String path, byte[] body, @Nullable String head) throws IOException {
        if (!List.of("/v2/models/twice/infer", "/v2/models/twice/versions/1/infer")
                .contains(path)) {
            throw new Bad(404, "no such model");
        }
        int jsonLength = head == null ? body.length : Integer.parseInt(head);
        if (jsonLength > body.length) {
            throw new Bad(400, "header beyond body");
        }
        JsonNode request;
        try {
            request = JSON.readTree(Arrays.copyOf(body, jsonLength));
        } catch (JacksonException e) {
            throw new Bad(400, "no JSON");
        }
        if (!request.path("inputs").isArray()) {
            throw new Bad(400, "no inputs");
        }
        if (fault == Fault.PARAMETERS_REFUSED && request.path("parameters").has("x_text")) {
            throw new Bad(400, "unknown parameter");
        }
        ObjectNode answer = NODES.objectNode().put("model_name", "twice").put("model_version", "1");
        if (request.has("id") && fault != Fault.ID_IS_LOST) {
            answer.set("id", request.path("id"));
        }
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        ByteBuffer rest = ByteBuffer.wrap(body, jsonLength, body.length - jsonLength)
                .order(fault == Fault.BINARY_IS_BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        ArrayNode outputs = answer.putArray("outputs");
        for (JsonNode input : request.path("inputs")) {
            ObjectNode output = output(input, rest);
            if (!wanted(request, input.path("name").asString(""))) {
                continue;
            }
            if (binary(request, input.path("name").asString(""))) {
                byte[] bytes = Tensors.raw("FP32", output.path("data"));
                raw.write(bytes);
                output.remove("data");
                output.putObject("parameters").put("binary_data_size", bytes.length);
            }
            outputs.add(output);
        }
        byte[] json = JSON.writeValueAsBytes(answer);
        ByteBuffer whole =
                ByteBuffer.allocate(json.length + raw.size()).put(json).put(raw.toByteArray());
        int told = fault == Fault.BINARY_HEADER_IS_OFF ? json.length - 1 : json.length;
        send(exchange, 200, whole.array(), raw.size() == 0 ? null : Integer.toString(told));
    }

    private boolean wanted(JsonNode request, String name) {
        if (fault == Fault.ALL_OUTPUTS_ALWAYS || request.path("outputs").isEmpty()) {
            return true;
        }
        for (JsonNode output : request.path("outputs")) {
            if (output.path("name").asString("").equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean binary(JsonNode request, String name) {
        for (JsonNode output : request.path("outputs")) {
            if (output.path("name").asString("").equals(name)
                    && output.at("/parameters/binary_data").asBoolean(false)) {
                return true;
            }
        }
        return request.at("/parameters/binary_data_output").asBoolean(false);
    }

    private ObjectNode output(JsonNode input, ByteBuffer rest) {
        String name = input.path("name").asString("");
        JsonNode shape = input.path("shape");
        if (!List.of("a", "b").contains(name)
                || !input.path("datatype").asString("").equals("FP32")
                || shape.isMissingNode()) {
            throw new Bad(400, "not an input of this model");
        }
        double elements = 1;
        for (JsonNode size : shape) {
            elements *= size.doubleValue();
            if (size.doubleValue() < 0) {
                throw new Bad(400, "negative");
            }
        }
        if (fault == Fault.BOMB_EXPLODES && elements > 1e9) {
            throw new IllegalStateException("out of memory");
        }
        if (shape.size() != 2 || shape.path(1).asInt() != 2) {
            throw new Bad(400, "shape");
        }
        ArrayNode data = NODES.arrayNode();
        int size = input.at("/parameters/binary_data_size").asInt(-1);
        if (size >= 0) {
            if (size > rest.remaining() && fault != Fault.BINARY_SIZE_UNCHECKED) {
                throw new Bad(400, "too few bytes");
            }
            for (int i = 0; i < elements; i++) {
                data.add(rest.getFloat());
            }
        } else {
            if (!input.has("data")
                    || fault == Fault.FLAT_ONLY && input.path("data").path(0).isArray()) {
                throw new Bad(400, "data");
            }
            for (JsonNode value : Tensors.flat(input.path("data"))) {
                if (!value.isNumber()) {
                    throw new Bad(400, "no number");
                }
                data.add(value.floatValue());
            }
            boolean tooMany = data.size() > elements;
            if (data.size() != elements && !(tooMany && fault == Fault.COUNT_UNCHECKED)) {
                throw new Bad(400, "count");
            }
        }
        ObjectNode output =
                NODES.objectNode().put("name", name).put("datatype", fault == Fault.DATATYPE_DIFFERS ? "FP64" : "FP32");
        output.set("shape", fault == Fault.SHAPE_IS_WRONG ? NODES.arrayNode().add(7) : shape);
        output.set("data", data);
        return output;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

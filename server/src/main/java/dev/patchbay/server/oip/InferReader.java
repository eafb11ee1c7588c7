package dev.patchbay.server.oip;

import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorType;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.core.schema.Nearest;
import dev.patchbay.oip.tensor.JsonTensor;
import dev.patchbay.oip.tensor.RawTensor;
import dev.patchbay.server.oip.InferRequest.Inputs;
import dev.patchbay.server.oip.InferRequest.NamedTensor;
import dev.patchbay.server.oip.InferRequest.RequestedOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the body of an inference request in one pass: a JSON object, and behind it the bytes of those inputs that
/// came without `data`, in their order. Members of objects may come in any order; members that the protocol does not
/// name are passed over, and so are members that are null, as some clients write those they do not set.
final class InferReader {

    private static final int MOST_TENSORS = 1000;
    private static final int MOST_PARAMETERS = 1000;

    private final JsonReader json;

    InferReader(JsonReader json) {
        this.json = json;
    }

    /// Reads a request.
    ///
    /// @param jsonLength the header `Inference-Header-Content-Length`
    /// @throws dev.patchbay.api.InferenceException saying what is wrong
    InferRequest read(byte[] body, @Nullable String jsonLength) {
        int length = jsonLength == null ? body.length : length(jsonLength, body.length);
        if (length == 0 && jsonLength != null) {
            return new InferRequest(null, Map.of(), new Inputs.OnlyInput(body), List.of(), true);
        }
        if (length == 0) {
            throw Refused.request("The request has no body; it is a JSON object with \"inputs\"");
        }
        try (JsonParser parser = json.open(body, 0, length)) {
            return new Reading(parser, body, length).request();
        } catch (JacksonException e) {
            throw json.refused(e);
        }
    }

    private static int length(String header, int body) {
        long length = header.length() > 10 || !header.chars().allMatch(c -> c >= '0' && c <= '9') || header.isEmpty()
                ? -1
                : Long.parseLong(header);
        if (length < 0 || length > body) {
            throw Refused.request(
                    "Inference-Header-Content-Length is '%s'; it is the length of the JSON at the start of the body, which has %d bytes"
                            .formatted(header, body));
        }
        return (int) length;
    }

    static TensorType type(String input, String datatype) {
        for (TensorType type : TensorType.values()) {
            if (type.name().equals(datatype)) {
                return type;
            }
        }
        List<String> names =
                Stream.of(TensorType.values()).map(TensorType::name).toList();
        throw Refused.input(
                input,
                "has the datatype '%s'; there are %s%s"
                        .formatted(datatype, String.join(", ", names), Nearest.question(datatype, names)));
    }

    /// One body being read.
    private final class Reading {

        private final JsonParser parser;
        private final byte[] body;
        private final int jsonLength;
        private int raw;

        Reading(JsonParser parser, byte[] body, int jsonLength) {
            this.parser = parser;
            this.body = body;
            this.jsonLength = jsonLength;
            this.raw = jsonLength;
        }

        InferRequest request() {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Refused.request("The body is not a JSON object with \"inputs\"");
            }
            String id = null;
            Map<String, Object> parameters = Map.of();
            List<NamedTensor> inputs = null;
            List<RequestedOutput> outputs = List.of();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String member = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_NULL) {
                    continue;
                }
                switch (member) {
                    case "id" -> id = text("id");
                    case "parameters" -> parameters = parameters("parameters");
                    case "inputs" -> {
                        if (inputs != null) {
                            throw Refused.request("The body has \"inputs\" twice");
                        }
                        inputs = inputs();
                    }
                    case "outputs" -> outputs = outputs();
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw Refused.request(
                        "There is more behind the JSON object; binary tensor data needs the header Inference-Header-Content-Length");
            }
            if (inputs == null) {
                throw Refused.request("The body has no \"inputs\"; it is the list of tensors that are asked about");
            }
            if (raw != body.length) {
                throw Refused.request(
                        "%d bytes are behind the JSON and the %d bytes of binary data that the inputs declare; each input without \"data\" has a parameter \"binary_data_size\""
                                .formatted(body.length - raw, raw - jsonLength));
            }
            return new InferRequest(
                    id,
                    parameters,
                    new Inputs.Named(inputs),
                    outputs,
                    flag("binary_data_output", parameters.get("binary_data_output")));
        }

        private List<NamedTensor> inputs() {
            List<NamedTensor> inputs = new ArrayList<>();
            requireList("inputs");
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (inputs.size() == MOST_TENSORS) {
                    throw Refused.request("There are more than %d inputs".formatted(MOST_TENSORS));
                }
                requireObject("inputs");
                inputs.add(input());
            }
            return inputs;
        }

        private NamedTensor input() {
            String name = null;
            String datatype = null;
            long[] shape = null;
            Map<String, Object> parameters = Map.of();
            Tensor tensor = null;
            int dataFrom = -1;
            int dataTo = -1;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String member = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_NULL) {
                    continue;
                }
                switch (member) {
                    case "name" -> name = text("inputs/name");
                    case "datatype" -> datatype = text("inputs/datatype");
                    case "shape" -> shape = shape(name);
                    case "parameters" -> parameters = parameters("inputs/parameters");
                    case "data" -> {
                        if (name != null && datatype != null && shape != null) {
                            tensor = json(parser, name, type(name, datatype), shape, jsonLength);
                        } else {
                            // data before what it is: looked at again once that is known
                            dataFrom = (int) parser.currentTokenLocation().getByteOffset();
                            parser.skipChildren();
                            dataTo = (int) parser.currentLocation().getByteOffset();
                        }
                    }
                    default -> parser.skipChildren();
                }
            }
            if (name == null || datatype == null || shape == null) {
                throw Refused.request("%s has no \"%s\"; an input has a name, a datatype, a shape and data"
                        .formatted(
                                name == null ? "An input" : "Input '" + name + "'",
                                name == null ? "name" : datatype == null ? "datatype" : "shape"));
            }
            TensorType type = type(name, datatype);
            boolean hasData = tensor != null || dataFrom >= 0;
            Object size = parameters.get("binary_data_size");
            if (size != null) {
                if (hasData) {
                    throw Refused.input(name, "has \"data\" and \"binary_data_size\"; it is one or the other");
                }
                tensor = binary(name, type, shape, size);
            } else if (tensor == null && dataFrom >= 0) {
                tensor = later(name, type, shape, dataFrom, dataTo);
            }
            if (tensor == null) {
                throw Refused.input(
                        name, "has neither \"data\" nor, for binary tensor data, a parameter \"binary_data_size\"");
            }
            return new NamedTensor(name, tensor);
        }

        private Tensor later(String name, TensorType type, long[] shape, int from, int to) {
            try (JsonParser data = json.open(body, from, to - from)) {
                data.nextToken();
                return json(data, name, type, shape, to - from);
            }
        }

        private Tensor binary(String name, TensorType type, long[] shape, Object declared) {
            if (!(declared instanceof Long size) || size < 0) {
                throw Refused.input(
                        name, "has the binary_data_size %s, which is no number of bytes".formatted(declared));
            }
            if (size > body.length - raw) {
                throw Refused.input(
                        name, "has the binary_data_size %d, but %d bytes follow".formatted(size, body.length - raw));
            }
            ByteBuffer bytes = ByteBuffer.wrap(body, raw, size.intValue());
            raw += size.intValue();
            return Refused.input(() -> RawTensor.read(name, type, shape, bytes));
        }

        private static Tensor json(JsonParser from, String name, TensorType type, long[] shape, int available) {
            return Refused.input(() -> JsonTensor.read(from, name, type, shape, available));
        }

        private long[] shape(@Nullable String name) {
            String input = name == null ? "?" : name;
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw Refused.input(input, "has a shape that is no list of sizes");
            }
            long[] shape = new long[4];
            int dimensions = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                        || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    throw Refused.input(input, "has a shape with a size that is no whole number");
                }
                if (dimensions == shape.length) {
                    shape = Arrays.copyOf(shape, dimensions * 2);
                }
                shape[dimensions++] = parser.getLongValue();
            }
            return Arrays.copyOf(shape, dimensions);
        }

        private List<RequestedOutput> outputs() {
            List<RequestedOutput> outputs = new ArrayList<>();
            requireList("outputs");
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (outputs.size() == MOST_TENSORS) {
                    throw Refused.request("There are more than %d outputs".formatted(MOST_TENSORS));
                }
                requireObject("outputs");
                String name = null;
                Object binary = null;
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String member = parser.currentName();
                    if (parser.nextToken() == JsonToken.VALUE_NULL) {
                        continue;
                    }
                    switch (member) {
                        case "name" -> name = text("outputs/name");
                        case "parameters" ->
                            binary = parameters("outputs/parameters").get("binary_data");
                        default -> parser.skipChildren();
                    }
                }
                if (name == null) {
                    throw Refused.request("A requested output has no \"name\"");
                }
                outputs.add(new RequestedOutput(name, binary == null ? null : flag("binary_data", binary)));
            }
            return outputs;
        }

        private Map<String, Object> parameters(String where) {
            requireObject(where);
            Map<String, Object> parameters = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (token == JsonToken.VALUE_NULL) {
                    continue;
                }
                Object value = switch (token) {
                    case VALUE_STRING -> parser.getString();
                    case VALUE_TRUE -> true;
                    case VALUE_FALSE -> false;
                    case VALUE_NUMBER_INT ->
                        parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                                ? (Object) parser.getDoubleValue()
                                : (Object) parser.getLongValue();
                    case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
                    case null, default ->
                        throw Refused.request(
                                "The parameter '%s' in %s is no text, number or boolean".formatted(name, where));
                };
                if (parameters.size() == MOST_PARAMETERS) {
                    throw Refused.request("There are more than %d parameters in %s".formatted(MOST_PARAMETERS, where));
                }
                parameters.put(name, value);
            }
            return parameters;
        }

        private String text(String where) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw Refused.request("\"%s\" is no text".formatted(where));
            }
            return parser.getString();
        }

        private void requireList(String where) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw Refused.request("\"%s\" is no list".formatted(where));
            }
        }

        private void requireObject(String where) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw Refused.request("\"%s\" has something that is no object".formatted(where));
            }
        }
    }

    private static boolean flag(String name, @Nullable Object value) {
        if (value != null && !(value instanceof Boolean)) {
            throw Refused.request("The parameter '%s' is %s; it is true or false".formatted(name, value));
        }
        return Boolean.TRUE.equals(value);
    }
}

package dev.patchbay.testkit.conformance;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tensors as the protocol writes them, apart from any server's code.
final class Tensors {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Map<String, Integer> WIDTHS = Map.ofEntries(
            Map.entry("BOOL", 1),
            Map.entry("UINT8", 1),
            Map.entry("INT8", 1),
            Map.entry("UINT16", 2),
            Map.entry("INT16", 2),
            Map.entry("FP16", 2),
            Map.entry("BF16", 2),
            Map.entry("UINT32", 4),
            Map.entry("INT32", 4),
            Map.entry("FP32", 4),
            Map.entry("UINT64", 8),
            Map.entry("INT64", 8),
            Map.entry("FP64", 8),
            Map.entry("BYTES", 0));

    private Tensors() {}

    static boolean isDatatype(String name) {
        return WIDTHS.containsKey(name);
    }

    /// Gives the bytes of an element; 0 if they differ.
    static int width(String datatype) {
        return WIDTHS.getOrDefault(datatype, 0);
    }

    static boolean hasJson(String datatype) {
        return !datatype.equals("FP16") && !datatype.equals("BF16");
    }

    static long elements(JsonNode shape) {
        long count = 1;
        for (JsonNode size : shape) {
            count *= size.longValue();
        }
        return count;
    }

    /// Makes an input of zeros for what a model says it takes.
    static ObjectNode zeros(JsonNode metadata) {
        ObjectNode input = NODES.objectNode();
        String datatype = metadata.path("datatype").asString("");
        ArrayNode shape = NODES.arrayNode();
        metadata.path("shape").forEach(size -> shape.add(Math.max(1, size.asLong(1))));
        input.put("name", metadata.path("name").asString("")).put("datatype", datatype);
        input.set("shape", shape);
        ArrayNode data = input.putArray("data");
        for (long i = elements(shape); i > 0; i--) {
            switch (datatype) {
                case "BOOL" -> data.add(false);
                case "BYTES" -> data.add("");
                default -> data.add(0);
            }
        }
        return input;
    }

    /// Lists the values of data, however they are nested.
    static List<JsonNode> flat(JsonNode data) {
        List<JsonNode> values = new ArrayList<>();
        for (JsonNode value : data) {
            if (value.isArray()) {
                values.addAll(flat(value));
            } else {
                values.add(value);
            }
        }
        return values;
    }

    /// Gives data nested as a shape says.
    static JsonNode nested(List<JsonNode> values, JsonNode shape) {
        return nested(values, shape, 0, new int[1]);
    }

    private static JsonNode nested(List<JsonNode> values, JsonNode shape, int dimension, int[] at) {
        if (dimension == shape.size()) {
            return values.get(at[0]++);
        }
        ArrayNode list = NODES.arrayNode();
        for (long i = shape.get(dimension).longValue(); i > 0; i--) {
            list.add(nested(values, shape, dimension + 1, at));
        }
        return list;
    }

    /// Gives the bytes of data.
    static byte[] raw(String datatype, JsonNode data) {
        List<JsonNode> values = flat(data);
        if (datatype.equals("BYTES")) {
            List<byte[]> texts = values.stream()
                    .map(text -> text.asString("").getBytes(StandardCharsets.UTF_8))
                    .toList();
            ByteBuffer raw = littleEndian(
                    texts.stream().mapToInt(text -> 4 + text.length).sum());
            texts.forEach(text -> raw.putInt(text.length).put(text));
            return raw.array();
        }
        ByteBuffer raw = littleEndian(values.size() * WIDTHS.getOrDefault(datatype, 0));
        for (JsonNode value : values) {
            switch (datatype) {
                case "BOOL" -> raw.put((byte) (value.asBoolean(false) ? 1 : 0));
                case "UINT8", "INT8" -> raw.put(value.numberValue().byteValue());
                case "UINT16", "INT16" -> raw.putShort(value.numberValue().shortValue());
                case "UINT32", "INT32" -> raw.putInt(value.numberValue().intValue());
                case "UINT64", "INT64" -> raw.putLong(value.numberValue().longValue());
                case "FP32" -> raw.putFloat(value.numberValue().floatValue());
                case "FP64" -> raw.putDouble(value.numberValue().doubleValue());
                default -> throw Broken.notApplicable(datatype + " has no form in JSON to compare with");
            }
        }
        return raw.array();
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}

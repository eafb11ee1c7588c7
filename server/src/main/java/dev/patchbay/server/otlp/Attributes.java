package dev.patchbay.server.otlp;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes attributes as OTLP's JSON has them: 64-bit numbers are text.
final class Attributes {

    private final ArrayNode list;

    Attributes(ObjectNode owner) {
        this.list = owner.putArray("attributes");
    }

    Attributes put(String key, String value) {
        list.addObject().put("key", key).putObject("value").put("stringValue", value);
        return this;
    }

    Attributes put(String key, long value) {
        list.addObject().put("key", key).putObject("value").put("intValue", Long.toString(value));
        return this;
    }
}

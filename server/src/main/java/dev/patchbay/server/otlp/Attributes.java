package dev.patchbay.server.otlp;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes attributes as OTLP's JSON has them.
final class Attributes {

    private final ArrayNode list;

    Attributes(ObjectNode owner) {
        this.list = owner.putArray("attributes");
    }

    Attributes put(String key, String value) {
        list.addObject().put("key", key).putObject("value").put("stringValue", value);
        return this;
    }
}

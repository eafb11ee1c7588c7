package dev.patchbay.core.config;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads other YAML than the config, such as `module.yaml`, under the same limits.
public final class YamlFile {

    private YamlFile() {}

    /// Reads YAML 1.2 as a tree; nothing is taken from the environment, and `${name}` stays as it is. Text that says
    /// nothing is an empty object.
    ///
    /// @throws ConfigInvalid with line and column if it is none
    public static JsonNode read(String text) {
        JsonNode tree = ConfigDocument.read(text, null).tree();
        return tree.isMissingNode() ? JsonNodeFactory.instance.objectNode() : tree;
    }
}

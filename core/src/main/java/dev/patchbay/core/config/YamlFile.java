package dev.patchbay.core.config;

import tools.jackson.databind.JsonNode;

/// Reads other YAML than the config, such as `module.yaml`, under the same limits.
public final class YamlFile {

    private YamlFile() {}

    /// Reads YAML 1.2 as a tree; nothing is taken from the environment, and `${name}` stays as it is.
    ///
    /// @throws ConfigInvalid with line and column if it is none
    public static JsonNode read(String text) {
        return ConfigDocument.read(text, null).tree();
    }
}

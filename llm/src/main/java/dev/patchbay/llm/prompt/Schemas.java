package dev.patchbay.llm.prompt;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The JSON Schemas of prompts that bring none of their own.
final class Schemas {

    private static final Map<String, Object> TEXT = Map.of("type", "string");

    /// A conversation in OpenAI's form; what we do not know goes to the provider as it is.
    static final Map<String, Object> CONVERSATION = Map.of(
            "$schema",
            "https://json-schema.org/draft/2020-12/schema",
            "type",
            "object",
            "properties",
            Map.of(
                    "messages",
                    Map.of(
                            "type",
                            "array",
                            "minItems",
                            1,
                            "items",
                            Map.of(
                                    "type", "object",
                                    "properties",
                                            Map.of(
                                                    "role",
                                                    Map.of(
                                                            "enum",
                                                            List.of(
                                                                    "system",
                                                                    "developer",
                                                                    "user",
                                                                    "assistant",
                                                                    "tool"))),
                                    "required", List.of("role")))),
            "required",
            List.of("messages"));

    /// Free text and how it came to be.
    static final Map<String, Object> ANSWER = Map.of(
            "$schema",
            "https://json-schema.org/draft/2020-12/schema",
            "type",
            "object",
            "properties",
            Map.of(
                    "text", TEXT,
                    "finish", Map.of("enum", List.of("stop", "length", "tool_calls", "other", "fallback")),
                    "model", TEXT,
                    "usage",
                            Map.of(
                                    "type", "object",
                                    "properties",
                                            Map.of(
                                                    "input", count(),
                                                    "cache_read", count(),
                                                    "cache_write", count(),
                                                    "output", count()),
                                    "required", List.of("input", "output")),
                    "tool_calls", Map.of("type", "array", "items", Map.of("type", "object"))),
            "required",
            List.of("text", "finish"));

    /// A piece of free text.
    static final Map<String, Object> PART = Map.of(
            "$schema", "https://json-schema.org/draft/2020-12/schema",
            "type", "object",
            "properties",
                    Map.of(
                            "text", TEXT,
                            "restart",
                                    Map.of(
                                            "type",
                                            "boolean",
                                            "description",
                                            "what came so far is void: the answer begins again"),
                            "tool_calls", Map.of("type", "array", "items", Map.of("type", "object"))));

    private Schemas() {}

    private static Map<String, Object> count() {
        return Map.of("type", "integer", "minimum", 0);
    }

    /// Lists the names of all properties in a schema, at any depth.
    static Set<String> fields(Object schema) {
        Set<String> fields = new TreeSet<>();
        collect(schema, fields);
        return fields;
    }

    private static void collect(Object node, Set<String> fields) {
        if (node instanceof Map<?, ?> map) {
            if (map.get("properties") instanceof Map<?, ?> properties) {
                properties.keySet().forEach(name -> fields.add(String.valueOf(name)));
            }
            map.values().forEach(each -> collect(each, fields));
        } else if (node instanceof List<?> list) {
            list.forEach(each -> collect(each, fields));
        }
    }
}

package dev.patchbay.core.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// YAML as a tree, and where each part of it stands in the file, so that every complaint has a line.
final class ConfigDocument {

    /// A config is written by people; what is larger is a mistake.
    private static final int MAXIMUM_LENGTH = 1 << 20;

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\$)|\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})");

    record Position(int line, int column) {}

    private final JsonNode tree;
    private final Map<String, Position> positions = new HashMap<>();
    private final java.util.function.@Nullable Function<String, @Nullable String> environment;
    private final java.util.ArrayList<ConfigProblem> problems = new java.util.ArrayList<>();

    private ConfigDocument(
            @Nullable Node root, java.util.function.@Nullable Function<String, @Nullable String> environment) {
        this.environment = environment;
        this.tree = root == null ? JsonNodeFactory.instance.objectNode() : convert(root, "");
        if (!problems.isEmpty()) {
            throw new ConfigInvalid(problems);
        }
    }

    /// Reads YAML 1.2.
    ///
    /// @param environment the values of `${NAME}`; null to leave it as it is
    /// @throws ConfigInvalid if it is no YAML, or refers to what is not there
    static ConfigDocument read(
            String text, java.util.function.@Nullable Function<String, @Nullable String> environment) {
        if (text.length() > MAXIMUM_LENGTH) {
            throw new ConfigInvalid(List.of(new ConfigProblem(
                    "", 0, 0, "the file has %d characters; %d is the most".formatted(text.length(), MAXIMUM_LENGTH))));
        }
        LoadSettings settings = LoadSettings.builder()
                .setAllowDuplicateKeys(false)
                .setMaxAliasesForCollections(50)
                .setAllowRecursiveKeys(false)
                .setCodePointLimit(MAXIMUM_LENGTH)
                .build();
        try {
            return new ConfigDocument(new Compose(settings).composeString(text).orElse(null), environment);
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().orElse(null);
            throw new ConfigInvalid(List.of(new ConfigProblem(
                    "",
                    mark == null ? 0 : mark.getLine() + 1,
                    mark == null ? 0 : mark.getColumn() + 1,
                    "this is no YAML: " + e.getProblem())));
        } catch (YamlEngineException e) {
            throw new ConfigInvalid(List.of(new ConfigProblem("", 0, 0, "this is no YAML: " + e.getMessage())));
        }
    }

    JsonNode tree() {
        return tree;
    }

    Position position(String path) {
        String at = path;
        while (true) {
            Position position = positions.get(at);
            if (position != null || at.isEmpty()) {
                return position == null ? new Position(1, 1) : position;
            }
            at = at.substring(0, Math.max(0, at.lastIndexOf('\u0000')));
        }
    }

    private JsonNode convert(Node node, String path) {
        node.getStartMark()
                .ifPresent(mark -> positions.putIfAbsent(path, new Position(mark.getLine() + 1, mark.getColumn() + 1)));
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, path);
            case SequenceNode sequence -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (Node item : sequence.getValue()) {
                    array.add(convert(item, path + '\u0000' + array.size()));
                }
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar, path);
            default -> throw new IllegalStateException("unexpected YAML node " + node.getNodeType());
        };
    }

    private ObjectNode mapping(MappingNode mapping, String path) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            String child = path.isEmpty() ? key : path + '\u0000' + key;
            Mark mark = entry.getKeyNode().getStartMark().orElse(null);
            Position position =
                    mark == null ? new Position(0, 0) : new Position(mark.getLine() + 1, mark.getColumn() + 1);
            positions.put(child, position);
            if (object.has(key)) {
                problems.add(new ConfigProblem(
                        path.replace('\u0000', '.'),
                        position.line(),
                        position.column(),
                        "'" + key + "' is here twice"));
            }
            object.set(key, convert(entry.getValueNode(), child));
        }
        return object;
    }

    private JsonNode scalar(ScalarNode scalar, String path) {
        Tag tag = scalar.getTag();
        String text = scalar.getValue();
        if (tag.equals(Tag.NULL)) {
            return JsonNodeFactory.instance.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text));
        }
        if (tag.equals(Tag.INT)) {
            return JsonNodeFactory.instance.numberNode(
                    new java.math.BigInteger(text.replace("0x", ""), text.startsWith("0x") ? 16 : 10));
        }
        if (tag.equals(Tag.FLOAT)) {
            try {
                return JsonNodeFactory.instance.numberNode(new java.math.BigDecimal(text));
            } catch (NumberFormatException e) {
                return JsonNodeFactory.instance.stringNode(text);
            }
        }
        return JsonNodeFactory.instance.stringNode(interpolate(text, path));
    }

    private String interpolate(String text, String path) {
        if (environment == null || text.indexOf('$') < 0) {
            return text;
        }
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String value;
            if (matcher.group(1) != null) {
                value = "$";
            } else {
                value = environment.apply(matcher.group(2));
                if (value == null) {
                    value = matcher.group(3);
                }
                if (value == null) {
                    Position position = position(path);
                    problems.add(new ConfigProblem(
                            path.replace('\u0000', '.'),
                            position.line(),
                            position.column(),
                            "the environment has no %s; set it, or give a default: ${%s:-value}"
                                    .formatted(matcher.group(2), matcher.group(2))));
                    value = "";
                }
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(out).toString();
    }
}

package dev.patchbay.core.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
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

/// YAML as a tree, and where each part of it stands in the file, so that every complaint has a line. Whatever the
/// text is, reading it takes little memory and ends with a tree or with what is wrong.
final class ConfigDocument {

    /// A config is written by people; what is larger is a mistake.
    static final int MAXIMUM_LENGTH = 1 << 20;

    private static final int MAXIMUM_DEPTH = 64;
    private static final int MAXIMUM_KEY = 200;
    /// A few lines of aliases could stand for billions of values. A value weighs its characters and eight, written
    /// out wherever an alias stands for it; no text without aliases comes to this.
    private static final int MAXIMUM_WEIGHT = 4 * MAXIMUM_LENGTH;

    /// A place in a file, counted from 1.
    record Position(int line, int column) {

        static final Position UNKNOWN = new Position(0, 0);

        static Position of(@Nullable Mark mark) {
            return mark == null ? UNKNOWN : new Position(mark.getLine() + 1, mark.getColumn() + 1);
        }
    }

    private final @Nullable Node root;
    private final JsonNode tree;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Map<ScalarNode, JsonNode> converted = new HashMap<>();
    private final Scalars scalars;
    private int weight;

    private ConfigDocument(@Nullable Node root, @Nullable Function<String, @Nullable String> environment) {
        this.root = root;
        this.scalars = new Scalars(environment);
        this.tree = root == null ? JsonNodeFactory.instance.missingNode() : convert(root, "", 0);
        if (!problems.isEmpty()) {
            throw new ConfigInvalid(problems);
        }
    }

    /// Reads YAML 1.2. Text that says nothing gives a missing node.
    ///
    /// @param environment the values of `${NAME}`; null to leave it as it is
    /// @throws ConfigInvalid if it is no YAML, refers to what is not there, or is beyond what people write
    static ConfigDocument read(String text, @Nullable Function<String, @Nullable String> environment) {
        if (text.length() > MAXIMUM_LENGTH) {
            throw refused(
                    Position.UNKNOWN,
                    "the file has %d characters; %d is the most".formatted(text.length(), MAXIMUM_LENGTH));
        }
        LoadSettings settings = LoadSettings.builder()
                .setMaxAliasesForCollections(MAXIMUM_LENGTH)
                .setAllowNonScalarKeys(true)
                .setCodePointLimit(MAXIMUM_LENGTH)
                .build();
        try {
            limitDepth(new Parse(settings).parseString(text));
            return new ConfigDocument(new Compose(settings).composeString(text).orElse(null), environment);
        } catch (MarkedYamlEngineException e) {
            Position at = Position.of(e.getProblemMark().orElse(null));
            throw refused(at, "this is no YAML: " + said(e) + quoted(text, at));
        } catch (ReaderException e) {
            throw refused(
                    position(text, e.getPosition()),
                    "this is no YAML: the character U+%04X is not allowed".formatted(e.getCodePoint()));
        } catch (YamlEngineException e) {
            throw refused(Position.UNKNOWN, "this is no YAML: " + e.getMessage());
        }
    }

    private static ConfigInvalid refused(Position at, String message) {
        return new ConfigInvalid(List.of(new ConfigProblem("", at.line(), at.column(), message)));
    }

    /// Composing goes as deep as the text does; so its depth is known before.
    private static void limitDepth(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent && ++depth > MAXIMUM_DEPTH) {
                throw refused(
                        Position.of(event.getStartMark().orElse(null)),
                        "the file is nested deeper than %d levels".formatted(MAXIMUM_DEPTH));
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private static String said(MarkedYamlEngineException e) {
        String problem = e.getProblem().strip();
        return problem.startsWith("but ") ? e.getContext() + ", " + problem : problem;
    }

    private static String quoted(String text, Position at) {
        List<String> lines = text.lines().toList();
        if (at.line() == 0 || at.line() > lines.size()) {
            return " (the file ends here)";
        }
        String line = lines.get(at.line() - 1).strip();
        return line.isEmpty() ? "" : ": " + Scalars.shorten(line);
    }

    private static Position position(String text, int codePoint) {
        int point = Math.min(codePoint, text.codePointCount(0, text.length()));
        String before = text.substring(0, text.offsetByCodePoints(0, point));
        int line = (int) before.chars().filter(c -> c == '\n').count();
        return new Position(line + 1, before.length() - before.lastIndexOf('\n'));
    }

    JsonNode tree() {
        return tree;
    }

    /// Finds where a key is, or the nearest above it that there is.
    ///
    /// @param path keys, joined by NUL
    Position position(String path) {
        Node node = root;
        Position at = new Position(1, 1);
        for (String part : path.split("\u0000", -1)) {
            NodeTuple entry = node instanceof MappingNode mapping ? entry(mapping, part) : null;
            if (entry != null) {
                at = start(entry.getKeyNode());
                node = entry.getValueNode();
            } else if (node instanceof SequenceNode sequence
                    && part.matches("\\d{1,9}")
                    && Integer.parseInt(part) < sequence.getValue().size()) {
                node = sequence.getValue().get(Integer.parseInt(part));
                at = start(node);
            } else {
                break;
            }
        }
        return at;
    }

    private static @Nullable NodeTuple entry(MappingNode mapping, String key) {
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode scalar
                    && scalar.getValue().equals(key)) {
                return entry;
            }
        }
        return null;
    }

    private static Position start(Node node) {
        return Position.of(node.getStartMark().orElse(null));
    }

    private JsonNode convert(Node node, String path, int depth) {
        if (node.isRecursive()) {
            throw refused(start(node), "the file refers to itself by an alias");
        }
        if (depth > MAXIMUM_DEPTH) {
            throw refused(
                    start(node), "the file is nested deeper than %d levels by its aliases".formatted(MAXIMUM_DEPTH));
        }
        weigh(node, 8);
        return switch (node) {
            case MappingNode mapping when tagged(mapping, Tag.MAP, path) -> mapping(mapping, path, depth);
            case SequenceNode sequence
            when tagged(sequence, Tag.SEQ, path) -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (Node item : sequence.getValue()) {
                    array.add(convert(item, path + '\u0000' + array.size(), depth + 1));
                }
                yield array;
            }
            case ScalarNode scalar -> {
                weigh(scalar, scalar.getValue().length());
                yield converted.computeIfAbsent(
                        scalar, key -> scalars.read(key, message -> problem(path, position(path), message)));
            }
            default -> JsonNodeFactory.instance.nullNode();
        };
    }

    private void weigh(Node node, int more) {
        weight += more;
        if (weight > MAXIMUM_WEIGHT) {
            throw refused(start(node), "the file is too large with its aliases written out");
        }
    }

    private boolean tagged(Node node, Tag plain, String path) {
        if (!node.getTag().equals(plain)) {
            problem(
                    path,
                    position(path),
                    "has the tag %s; write it without".formatted(node.getTag().getValue()));
        }
        return node.getTag().equals(plain);
    }

    private ObjectNode mapping(MappingNode mapping, String path, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            Position at = start(entry.getKeyNode());
            if (!(entry.getKeyNode() instanceof ScalarNode scalar)) {
                problem(path, at, "a key must be text, not a list or a mapping");
                continue;
            }
            String key = scalar.getValue();
            weigh(scalar, key.length());
            if (key.length() > MAXIMUM_KEY) {
                throw refused(at, "a key has %d characters; %d is the most".formatted(key.length(), MAXIMUM_KEY));
            }
            if (object.has(key)) {
                problem(path, at, "'" + Scalars.shorten(key) + "' is here twice");
            }
            String child = path.isEmpty() ? key : path + '\u0000' + key;
            object.set(key, convert(entry.getValueNode(), child, depth + 1));
        }
        return object;
    }

    private void problem(String path, Position at, String message) {
        problems.add(new ConfigProblem(readable(path), at.line(), at.column(), message));
    }

    /// Writes a path for people: `inference.score.experiments[0].name`.
    static String readable(String path) {
        return path.replaceAll("\u0000(\\d+)(?=\u0000|$)", "[$1]").replace('\u0000', '.');
    }
}

package dev.patchbay.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An editor that goes by the schema and a gateway that reads the file say the same, but for what no schema can say.
class ConfigSchemaTest {

    private static final Set<String> KINDS = Set.of("llm", "remote", "python");
    private static final Function<String, @Nullable String> NO_ENVIRONMENT = name -> null;

    /// All that the schema lets pass and the parser refuses.
    private static final List<Pattern> BEYOND_A_SCHEMA = Stream.of(
                    "is the name of an experiment above",
                    "a tenant has one$",
                    "100 is all there is$",
                    "may have three decimals at most",
                    "must be rising percentages",
                    "which is not under outcomes",
                    "must be a size such as .* but is '\\d+ ?MiB'",
                    "must be a size such as .* but is '\\d+ ?KiB'",
                    "the environment has no ")
            .map(Pattern::compile)
            .toList();

    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private final JsonNode tree = json.readTree(ConfigParser.schema());
    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(tree);

    @TestFactory
    Stream<DynamicTest> everyFileOfTheCorpusIsJudgedAlike() {
        return Stream.of("good", "bad")
                .flatMap(ConfigCorpusTest::files)
                .map(file -> dynamicTest(ConfigCorpusTest.name(file), () -> {
                    String text;
                    try {
                        text = new FileConfigSource(file).read();
                    } catch (IOException noText) {
                        return;
                    }
                    assertJudgedAlike(text);
                }));
    }

    /// Random small changes to good files: keys lost and misspelt, values of other kinds and sizes.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changedFilesAreJudgedAlike(long seed) throws Exception {
        Random random = new Random(seed);
        List<JsonNode> good = ConfigCorpusTest.files("good")
                .map(file -> ConfigDocument.read(text(file), null).tree())
                .toList();
        int valid = 0;
        int invalid = 0;
        for (int i = 0; i < 500; i++) {
            JsonNode changed = good.get(random.nextInt(good.size())).deepCopy();
            for (int change = random.nextInt(3); change >= 0; change--) {
                change(changed, random);
            }
            if (assertJudgedAlike(changed.toString())) {
                valid++;
            } else {
                invalid++;
            }
        }
        // a comparison that saw only one verdict would prove nothing
        assertThat(valid).isGreaterThan(20);
        assertThat(invalid).isGreaterThan(100);
    }

    /// Every key the schema has is a key of the parser and the other way round, section by section.
    @Test
    void theKeysAreTheSame() {
        Map<String, String> places = new LinkedHashMap<>();
        places.put("", "{%s}");
        places.put("flags", "{flags: {%s}}");
        places.put("limits", "{limits: {%s}}");
        places.put("$task", "{inference: {t: {%s}}}");
        places.put("$experiment", "{inference: {t: {experiments: [{%s}]}}}");
        places.put("$task/flag", "{inference: {t: {flag: {%s}}}}");
        places.put("$guard", "{inference: {t: {experiments: [{guard: {%s}}]}}}");
        places.put("$shadow", "{inference: {t: {shadow: [{%s}]}}}");
        places.put("$compare", "{inference: {t: {shadow: [{compare: {%s}}]}}}");
        places.put("$compare/top", "{inference: {t: {shadow: [{compare: {top: {%s}}}]}}}");
        places.put("$limits", "{inference: {t: {limits: {%s}}}}");
        places.put("$limits/circuit", "{inference: {t: {limits: {circuit: {%s}}}}}");
        places.put("$settings", "{inference: {t: {versions: {v: {%s}}}}}");
        places.forEach((place, text) -> assertThat(keysOfTheParser(text.formatted("zzzzzzzzzzzz: 1")))
                .as(place)
                .containsExactlyInAnyOrderElementsOf(at(place).propertyNames()));
    }

    /// A default is what holds when the key is left out.
    @Test
    void theDefaultsAreTheSame() {
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        defaults(at("limits"), said.putObject("limits"));
        defaults(at("flags"), said.putObject("flags"));
        ObjectNode task = said.putObject("inference").putObject("t");
        ObjectNode limits = task.putObject("limits");
        defaults(at("$limits"), limits);
        defaults(at("$limits/circuit"), limits.putObject("circuit"));
        ObjectNode experiment = task.putArray("experiments").addObject();
        defaults(at("$experiment"), experiment);
        defaults(at("$guard"), experiment.putObject("guard"));
        experiment.put("name", "e").put("version", "1.0.0").put("rollout", 1).put("unit", "u");
        assertThat(said.toString()).contains("30m", "10s", "1MiB", "rollback");
        assertThat(ConfigParser.parse(said.toString()).config())
                .isEqualTo(ConfigParser.parse(
                                "{inference: {t: {experiments: [{name: e, version: 1.0.0, rollout: 1, unit: u}]}}}")
                        .config());
    }

    private boolean assertJudgedAlike(String text) {
        JsonNode document;
        try {
            document = ConfigDocument.read(text, null).tree();
        } catch (ConfigInvalid noDocument) {
            return false;
        }
        List<?> bySchema = schema.validate(document);
        List<ConfigProblem> byParser = List.of();
        try {
            ConfigParser.parse(text, KINDS, NO_ENVIRONMENT);
        } catch (ConfigInvalid refused) {
            byParser = refused.problems();
        }
        if (byParser.isEmpty()) {
            assertThat(bySchema).as(text.replace("%", "%%")).isEmpty();
        } else if (bySchema.isEmpty()) {
            assertThat(byParser)
                    .as(text.replace("%", "%%"))
                    .allMatch(problem -> BEYOND_A_SCHEMA.stream()
                            .anyMatch(known -> known.matcher(problem.message()).find()));
        }
        return byParser.isEmpty();
    }

    private static void change(JsonNode root, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode chosen = containers.get(random.nextInt(containers.size()));
        if (chosen instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = List.copyOf(object.propertyNames());
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(name + "x", object.remove(name));
                default -> object.set(name, value(random));
            }
        } else if (chosen instanceof ArrayNode array && !array.isEmpty()) {
            switch (random.nextInt(3)) {
                case 0 -> array.remove(random.nextInt(array.size()));
                case 1 -> array.add(array.get(random.nextInt(array.size())).deepCopy());
                default -> array.set(random.nextInt(array.size()), value(random));
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static JsonNode value(Random random) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(16)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(true);
            case 2 -> nodes.numberNode(0);
            case 3 -> nodes.numberNode(-1);
            case 4 -> nodes.numberNode(random.nextInt(200_000));
            case 5 -> nodes.numberNode(new java.math.BigDecimal("12.3456"));
            case 6 -> nodes.numberNode(50);
            case 7 -> nodes.stringNode("");
            case 8 -> nodes.stringNode("  ");
            case 9 ->
                nodes.stringNode(
                        List.of("0s", "5s", "10 m", "1d", "00000000001h").get(random.nextInt(5)));
            case 10 ->
                nodes.stringNode(List.of("1MiB", "0B", "70000KiB", "12", "1MB").get(random.nextInt(5)));
            case 11 ->
                nodes.stringNode(
                        List.of("/pet/id", "pet", "observe", "stable", "3.0.0").get(random.nextInt(5)));
            case 12 -> nodes.arrayNode();
            case 13 -> nodes.arrayNode().add("a").add(1).add(nodes.nullNode());
            case 14 -> nodes.objectNode();
            default -> nodes.objectNode().put("config", 1);
        };
    }

    private static Set<String> keysOfTheParser(String text) {
        try {
            ConfigParser.parse(text, KINDS);
        } catch (ConfigInvalid refused) {
            for (ConfigProblem problem : refused.problems()) {
                Matcher keys = Pattern.compile("is not a key here.* Keys: (.*)").matcher(problem.message());
                if (keys.matches()) {
                    return new LinkedHashSet<>(List.of(keys.group(1).split(", ")));
                }
            }
        }
        throw new AssertionError(text + " was not refused");
    }

    /// Gives the properties of a section: `$name` is a definition, further names go down.
    private ObjectNode at(String place) {
        JsonNode section = tree;
        for (String part : place.split("/")) {
            if (part.startsWith("$")) {
                section = tree.path("$defs").path(part.substring(1));
            } else if (!part.isEmpty()) {
                section = section.path("properties").path(part);
            }
        }
        return (ObjectNode) section.path("properties");
    }

    private static void defaults(ObjectNode properties, ObjectNode into) {
        properties.properties().forEach(property -> {
            if (property.getValue().has("default")) {
                into.set(property.getKey(), property.getValue().get("default"));
            }
        });
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.patchbay.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.routing.Explanation;
import dev.patchbay.core.routing.RouteQuery;
import dev.patchbay.core.routing.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// What docs/config.md says is so.
class ConfigDocsTest {

    private static final Path ROOT = Path.of("..");
    private static final Path DOCS = ROOT.resolve("docs/config.md");

    @ParameterizedTest
    @ValueSource(strings = {"docs/config.md", "README.md"})
    void everyConfigOnAPageIsAccepted(String page) throws IOException {
        List<String> configs = blocks(Files.readString(ROOT.resolve(page)), "yaml").stream()
                .filter(block -> block.contains("inference:"))
                .toList();
        assertThat(configs).isNotEmpty();
        configs.forEach(config ->
                assertThat(ConfigParser.parse(config).config().inference()).containsKey("behavior_score"));
    }

    @Test
    void theExamplesConfigIsAccepted() throws IOException {
        String config = Files.readString(ROOT.resolve("examples/pets/patchbay.yaml"));
        assertThat(ConfigParser.parse(config, Set.of("llm")).config().inference())
                .isNotEmpty();
        Matcher schema = Pattern.compile("yaml-language-server: \\$schema=(.*)").matcher(config);
        assertThat(schema.find()).isTrue();
        assertThat(Files.readString(ROOT.resolve("examples/pets").resolve(schema.group(1))))
                .isEqualTo(ConfigParser.schema());
    }

    @Test
    void theTableHasEveryKeyWithItsDefault() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        Matcher row = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]*)\\| [^|]+ \\|$")
                .matcher(section(Files.readString(DOCS), "## Every key"));
        while (row.find()) {
            documented.put(
                    row.group(1).replace("….", "inference.*."), row.group(2).strip());
        }
        JsonNode schema = JsonMapper.shared().readTree(ConfigParser.schema());
        Map<String, String> known = new TreeMap<>();
        keys(schema, schema, "", known);
        assertThat(documented).isEqualTo(known);
    }

    @Test
    void theMessagesAreThoseOfTheCorpus() throws IOException {
        List<String> known = new ArrayList<>();
        for (Path file : ConfigCorpusTest.files("bad").toList()) {
            known.addAll(Files.readAllLines(
                    file.resolveSibling(file.getFileName().toString().replace(".yaml", ".expected"))));
        }
        List<String> shown =
                blocks(Files.readString(DOCS), "text").getFirst().lines().toList();
        assertThat(shown).hasSizeGreaterThan(4);
        assertThat(known).containsAll(shown);
    }

    @Test
    void theWorkedExampleIsRight() throws IOException {
        String page = Files.readString(DOCS);
        String config = blocks(page, "yaml").getFirst();
        assertThat(step(config).bucket())
                .isEqualTo(144_100_605 * 100.0 / (1L << 32))
                .isBetween(3.355, 3.356);
        assertThat(page).contains("is 144,100,605:");
        assertThat(step(config).outcome()).isEqualTo("chosen");
        assertThat(step(config.replace("rollout: 10 ", "rollout: 3.356 ")).outcome())
                .isEqualTo("chosen");
        assertThat(step(config.replace("rollout: 10 ", "rollout: 3.355 ")).outcome())
                .isEqualTo("outside");
    }

    private static Explanation.Step step(String config) {
        Router router = new Router();
        List.of("2.9.1", "3.0.0", "3.1.0").forEach(version -> router.ready(new ModuleKey("behavior_score", version)));
        router.activate(1, ConfigParser.parse(config).config());
        Explanation explanation = router.table()
                .explain(new RouteQuery(
                        "behavior_score",
                        "tenant_b",
                        null,
                        "r",
                        JsonNodeFactory.instance.objectNode(),
                        Map.of("pet_id", "pet-7")));
        return explanation.steps().get(2);
    }

    private static void keys(JsonNode schema, JsonNode section, String path, Map<String, String> into) {
        if (section.path("$ref").isString()) {
            keys(schema, schema.at(section.path("$ref").stringValue().substring(1)), path, into);
        }
        section.path("properties").forEachEntry((name, property) -> {
            String key = path + name;
            into.put(key, property.path("default").asString(""));
            keys(schema, property, key + ".", into);
        });
        if (section.path("additionalProperties").isObject()) {
            keys(schema, section.path("additionalProperties"), path + "*.", into);
        }
        if (section.path("items").isObject()) {
            keys(schema, section.path("items"), path.substring(0, path.length() - 1) + "[].", into);
        }
    }

    private static String section(String page, String heading) {
        assertThat(page).contains(heading);
        return page.substring(page.indexOf(heading));
    }

    private static List<String> blocks(String page, String language) {
        List<String> blocks = new ArrayList<>();
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
        while (block.find()) {
            blocks.add(block.group(1));
        }
        return blocks;
    }
}

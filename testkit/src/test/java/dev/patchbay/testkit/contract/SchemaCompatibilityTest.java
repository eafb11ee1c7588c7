package dev.patchbay.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.ModuleFixture;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.contract.SchemaDifference.Side;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SchemaCompatibilityTest {

    @TempDir
    private Path home;

    @ParameterizedTest(name = "{0}: {1} → {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    REQUEST  | {"type":"integer"}                      | {"type":"number"}                        | harmless request /x: was integer and is number
                    REQUEST  | {"type":"number"}                       | {"type":"integer"}                       | breaking request /x: was number and is integer
                    RESPONSE | {"type":"integer"}                      | {"type":"number"}                        | breaking answer /x: was integer and is number
                    RESPONSE | {"type":"number"}                       | {"type":"integer"}                       | harmless answer /x: was number and is integer
                    REQUEST  | {"type":"string"}                       | {"type":"boolean"}                       | breaking request /x: was string and is boolean
                    RESPONSE | {"type":"string"}                       | {"type":"boolean"}                       | breaking answer /x: was string and is boolean
                    REQUEST  | {"type":"integer","minimum":0}          | {"type":"integer","minimum":1}           | breaking request /x: minimum was 0 and is 1
                    REQUEST  | {"type":"integer","minimum":1}          | {"type":"integer","minimum":0}           | harmless request /x: minimum was 1 and is 0
                    RESPONSE | {"type":"integer","minimum":1}          | {"type":"integer","minimum":0}           | breaking answer /x: minimum was 1 and is 0
                    REQUEST  | {"type":"integer"}                      | {"type":"integer","maximum":9}           | breaking request /x: maximum is now 9
                    RESPONSE | {"type":"integer","maximum":9}          | {"type":"integer"}                       | breaking answer /x: maximum was 9 and is no longer there
                    REQUEST  | {"type":"array","maxItems":5}           | {"type":"array","maxItems":4}            | breaking request /x: maxItems was 5 and is 4
                    REQUEST  | {"type":"string","enum":["a","b"]}      | {"type":"string","enum":["a"]}           | breaking request /x: the choice "b" is gone
                    REQUEST  | {"type":"string","enum":["a"]}          | {"type":"string","enum":["a","b"]}       | harmless request /x: the choice "b" is new
                    RESPONSE | {"type":"string","enum":["a"]}          | {"type":"string","enum":["a","b"]}       | breaking answer /x: the choice "b" is new
                    REQUEST  | {"type":"string","pattern":"a"}         | {"type":"string","pattern":"b"}          | breaking request /x: pattern was "a" and is "b"
                    REQUEST  | {"type":"string","default":"a"}         | {"type":"string","default":"b"}          | harmless request /x: the default was "a" and is "b"; whoever leaves it out gets another value
                    """)
    void aChangeOfAFieldIsNamedAndJudgedByWhoSeesIt(Side side, String before, String after, String expected) {
        List<SchemaDifference> differences =
                SchemaCompatibility.compare(side, object(before.strip(), true), object(after.strip(), true));

        assertThat(differences)
                .singleElement()
                .extracting(SchemaCompatibilityTest::judged)
                .isEqualTo(expected.strip());
    }

    @Test
    void fieldsThatComeAndGoBreakWhoeverCannotKnowIt() {
        JsonNode none = json("{\"type\":\"object\",\"additionalProperties\":false}");
        JsonNode optional = object("{\"type\":\"string\"}", false);
        JsonNode required = object("{\"type\":\"string\"}", true);

        assertThat(judged(Side.REQUEST, none, optional)).isEqualTo("harmless request /x: the optional field is new");
        assertThat(judged(Side.REQUEST, none, required)).isEqualTo("breaking request /x: the required field is new");
        assertThat(judged(Side.REQUEST, required, none))
                .isEqualTo("breaking request /x: the field is gone and refused");
        assertThat(judged(Side.REQUEST, optional, required))
                .isEqualTo("breaking request /x: was optional and is required");
        assertThat(judged(Side.REQUEST, required, optional))
                .isEqualTo("harmless request /x: was required and is optional");
        assertThat(judged(Side.RESPONSE, none, required)).isEqualTo("harmless answer /x: the field is new");
        assertThat(judged(Side.RESPONSE, optional, none)).isEqualTo("breaking answer /x: the optional field is gone");
        assertThat(judged(Side.RESPONSE, required, optional))
                .isEqualTo("breaking answer /x: was required and is optional");
        assertThat(judged(Side.RESPONSE, optional, required))
                .isEqualTo("harmless answer /x: was optional and is required");
    }

    @Test
    void schemasThatReferToThemselvesAreComparedToTheirEnd() {
        JsonNode before = json(
                "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"},\"x\":{\"type\":\"integer\",\"minimum\":0}}}");
        JsonNode after = json(
                "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"},\"x\":{\"type\":\"integer\",\"minimum\":1}}}");

        assertThat(SchemaCompatibility.compare(Side.REQUEST, before, after))
                .extracting(SchemaCompatibilityTest::judged)
                .containsExactly("breaking request /x: minimum was 0 and is 1");
    }

    @Test
    void aNewVersionThatBreaksCallersFailsWithEveryDifferenceNamed() throws Exception {
        ModuleFixture before =
                ModuleFixture.compile(home.resolve("1"), "task = \"greeting\", version = \"1.0.0\"", """
                public record Request(@Min(0) int age, Optional<String> note) {}
                public record Answer(double score, Optional<String> why) {}
                public Answer predict(Request request, Call call) { return new Answer(1, Optional.empty()); }
                """);
        ModuleFixture after = ModuleFixture.compile(home.resolve("2"), "task = \"greeting\", version = \"1.1.0\"", """
                public record Request(@Min(18) int age, String note, Optional<String> lang) {}
                public record Answer(double score) {}
                public Answer predict(Request request, Call call) { return new Answer(1); }
                """);

        TestPlan plan = new TestPlan(ModuleProject.at(after.artifact()), "", List.of(), List.of(), before.artifact());
        try (ModuleSuite suite = ModuleSuite.start(plan)) {
            TestReport report = suite.run(suite.compatibility(), result -> {});

            assertThat(report.results())
                    .filteredOn(CheckResult::isFailed)
                    .extracting(CheckResult::name, result -> result.finding().text())
                    .containsExactly(
                            org.assertj.core.api.Assertions.tuple("takes every request that greeting@1.0.0 takes", """
                                    breaking  request /age: minimum was 0 and is 18
                                    breaking  request /note: was optional and is required
                                    harmless  request /lang: the optional field is new"""),
                            org.assertj.core.api.Assertions.tuple(
                                    "gives no answer that greeting@1.0.0 could not give",
                                    "breaking  answer /why: the optional field is gone"));
        }
    }

    private static String judged(Side side, JsonNode before, JsonNode after) {
        return judged(SchemaCompatibility.compare(side, before, after).getFirst());
    }

    private static String judged(SchemaDifference difference) {
        return (difference.breaking() ? "breaking " : "harmless ") + difference;
    }

    private static JsonNode object(String property, boolean required) {
        return json("{\"type\":\"object\",\"properties\":{\"x\":" + property + "}"
                + (required ? ",\"required\":[\"x\"]" : "") + ",\"additionalProperties\":false}");
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}

package dev.patchbay.examples.pets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.patchbay.examples.pets.PetsGateway.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PetsTest {

    private PetsGateway pets;

    @BeforeAll
    void serve() throws Exception {
        pets = new PetsGateway();
    }

    @AfterAll
    void stop() throws Exception {
        pets.close();
    }

    @Test
    void all_versions_are_ready() {
        assertThat(pets.server().summary())
                .containsExactlyInAnyOrder(
                        "behavior_score  2.9.1, 3.0.0, 3.1.0",
                        "feeding_insight  1.0.0",
                        "nudge  1.0.0",
                        "session_summary  1.0.0, 2.0.0");
    }

    @TestFactory
    Stream<DynamicTest> every_request_file_is_answered() throws IOException {
        List<String> files;
        try (Stream<Path> all = Files.list(PetsGateway.REQUESTS)) {
            files = all.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(20);
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file, () -> {
                    Answer answer = pets.call(file.split("[-.]", 2)[0], file);
                    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.0.0", "3.1.0"})
    void scores_are_those_of_the_training(String version) throws Exception {
        JsonNode training = JsonMapper.shared().readTree(PetsGateway.TRAINING.resolve("vectors.json"));
        double tolerance = training.get("score_tolerance").doubleValue();
        for (JsonNode vector : training.get("vectors")) {
            Answer answer = pets.post(
                    "behavior_score/versions/" + version, vector.get("request").toString());
            assertThat(answer.json().path("score").doubleValue(-1))
                    .as(vector.get("name").stringValue())
                    .isCloseTo(vector.at("/expected/" + version + "/score").doubleValue(), within(tolerance));
        }
    }

    @Test
    void the_legacy_tenant_meets_the_rules() throws Exception {
        Answer answer = pets.call("behavior_score", "behavior_score.json", "Inference-Tenant", "tenant_a");

        assertThat(answer.version()).isEqualTo("2.9.1");
        assertThat(answer.route()).isEqualTo("reason=TENANT;rule=legacy-tenant;rev=1");
    }

    @Test
    void felix_is_among_the_ten_percent() throws Exception {
        Answer answer = pets.call("behavior_score", "behavior_score-zoomies.json");

        assertThat(answer.version()).isEqualTo("3.1.0");
        assertThat(answer.route()).isEqualTo("reason=SPLIT;rule=behavior-score-canary;rev=1");
    }

    @Test
    void luna_is_not() throws Exception {
        Answer answer = pets.call("behavior_score", "behavior_score.json");

        assertThat(answer.version()).isEqualTo("3.0.0");
        assertThat(answer.route()).isEqualTo("reason=DEFAULT;rev=1");
    }

    @ParameterizedTest
    @CsvSource({
        "calm-day, calm, calm, calm",
        "empty-session, calm, calm, calm",
        "puppy-play, active, active, active",
        "zoomies, calm, calm, calm",
        "restless-night, restless, restless, restless",
        "itchy-evening, restless, restless, restless",
        "home-alone, restless, restless, restless",
    })
    void versions_agree_on_clear_days(String day, String rules, String regression, String network) throws Exception {
        assertThat(List.of(label(day, "2.9.1"), label(day, "3.0.0"), label(day, "3.1.0")))
                .containsExactly(rules, regression, network);
    }

    private String label(String day, String version) throws Exception {
        return pets.call("behavior_score/versions/" + version, "behavior_score-" + day + ".json")
                .json()
                .path("label")
                .asString("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "feeding_insight                   | 2026-03-09 late_meal",
                "feeding_insight-steady            | ''",
                "feeding_insight-first-day         | ''",
                "feeding_insight-silent-bowl       | ''",
                "feeding_insight-skipped-breakfasts| 2026-03-12 skipped_meal, 2026-03-14 skipped_meal",
                "feeding_insight-eats-less         | 2026-03-12 eats_less, 2026-03-13 eats_less, 2026-03-14 eats_less",
            })
    void findings_are_those_of_the_story(String file, String findings) throws Exception {
        Answer answer = pets.call("feeding_insight", file + ".json");

        assertThat(String.join(
                        ", ",
                        answer.json()
                                .path("findings")
                                .valueStream()
                                .map(finding -> finding.path("day").asString("") + " "
                                        + finding.path("kind").asString(""))
                                .toList()))
                .isEqualTo(findings);
    }

    @Test
    void a_nudge_asks_the_versions_that_are_in_force_for_its_caller() throws Exception {
        Answer ours = pets.call("nudge", "nudge-bad-night.json");
        Answer legacy = pets.call("nudge", "nudge-bad-night.json", "Inference-Tenant", "tenant_a");

        assertThat(ours.json().at("/because/0").asString("")).isEqualTo("behavior_score: restless (0.67)");
        assertThat(legacy.json().at("/because/0").asString("")).isEqualTo("behavior_score: restless (0.70)");
    }

    @Test
    void nothing_is_sent_about_a_good_walk_and_one_late_supper() throws Exception {
        assertThat(pets.call("nudge", "nudge.json").text())
                .isEqualTo(
                        "{\"send\":false,\"because\":[\"behavior_score: active (0.01)\",\"feeding_insight: drift 0.05\"]}");
    }

    @Test
    void a_summary_streams_a_sentence_a_part_and_ends_with_the_whole() throws Exception {
        Answer answer =
                pets.call("session_summary", "session_summary-one-sentence.json", "Accept", "text/event-stream");

        assertThat(answer.text()).isEqualTo("""
                event: part
                data: {"text":"Bella played fetch until she fell asleep with the ball in her mouth.","from":"notes"}

                event: part
                data: {"text":"The collar recorded 30 minutes: 76 % moving, 16 % resting; voice 4 times, scratching twice, drinking twice.","from":"session"}

                event: result
                data: {"summary":"Bella played fetch until she fell asleep with the ball in her mouth. The collar recorded 30 minutes: 76 % moving, 16 % resting; voice 4 times, scratching twice, drinking twice.","sentences":[{"text":"Bella played fetch until she fell asleep with the ball in her mouth.","from":"notes"},{"text":"The collar recorded 30 minutes: 76 % moving, 16 % resting; voice 4 times, scratching twice, drinking twice.","from":"session"}]}

                """);
    }

    @Test
    void the_prompt_lets_the_version_before_it_answer_when_no_model_does() throws Exception {
        Answer answer =
                pets.call("session_summary", "session_summary-one-sentence.json", "Inference-Tenant", "tenant_b");

        assertThat(answer.version()).isEqualTo("2.0.0");
        assertThat(answer.route()).contains("rule=session-summary-prompt");
        assertThat(answer.json().path("summary").asString())
                .startsWith("Bella played fetch until she fell asleep with the ball in her mouth. The collar recorded");
    }

    @Test
    void a_session_longer_than_a_day_is_refused_with_its_field() throws Exception {
        String body = Files.readString(PetsGateway.REQUESTS.resolve("behavior_score.json"))
                .replace("\"minutes\": 45", "\"minutes\": 1441");

        Answer answer = pets.post("behavior_score", body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("errors")).isEqualTo(JsonMapper.shared().readTree("""
                                [{"path": "/session/minutes", "message": "must be at most 1440, but is 1441"}]"""));
    }
}

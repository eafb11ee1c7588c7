package dev.patchbay.examples.pets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.cli.Patchbay;
import dev.patchbay.server.GatewayServer;
import dev.patchbay.server.ServeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The commands, as an operator types them, against the example that runs.
class CommandsTest {

    private static final String SCORE = "@../requests/behavior_score.json";

    @TempDir
    Path folder;

    private GatewayServer server;

    @BeforeEach
    void serve() throws Exception {
        Files.copy(Path.of("../patchbay.yaml"), folder.resolve("patchbay.yaml"));
        Files.createSymbolicLink(
                folder.resolve("modules"), Path.of("../modules").toRealPath());
        server = GatewayServer.start(new ServeOptions(folder, null, "127.0.0.1", 0, 0, "maria"));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private record Ran(int exit, String out, String err) {

        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    private Ran patchbay(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--server=http://127.0.0.1:" + server.port(), "--admin=http://127.0.0.1:" + server.adminPort()));
        int exit = Patchbay.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
        return new Ran(exit, out.toString(), err.toString());
    }

    @Test
    void try_calls_a_task_from_a_file() {
        Ran ran = patchbay("try", "behavior_score", SCORE);

        assertThat(ran.exit()).isZero();
        assertThat(ran.json().path("label").asString()).isEqualTo("active");
        assertThat(ran.err()).startsWith("behavior_score 3.0.0 · reason=DEFAULT;rev=1 · ");
    }

    @Test
    void try_asks_as_a_tenant_or_for_a_version() {
        assertThat(patchbay("try", "behavior_score", SCORE, "--tenant", "tenant_a")
                        .err())
                .startsWith("behavior_score 2.9.1 · reason=TENANT;");
        assertThat(patchbay("try", "behavior_score", SCORE, "--version", "3.1.0")
                        .err())
                .startsWith("behavior_score 3.1.0 · reason=PINNED;");
        assertThat(patchbay("try", "behavior_score", SCORE, "--repeat", "5").out())
                .isEqualTo("5 ok · {3.0.0=5} · 0 failed%n".formatted());
    }

    @Test
    void try_shows_parts_as_they_come() {
        assertThat(patchbay("try", "session_summary", "@../requests/session_summary.json", "--stream")
                        .out())
                .startsWith("event: part\n")
                .contains("event: result\n");
    }

    @Test
    void try_tells_what_is_wrong() {
        Ran unknown = patchbay("try", "behaviour_score", SCORE);
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err())
                .startsWith("error: unknown-task — There is no task 'behaviour_score'. Did you mean behavior_score?");

        Ran wrong = patchbay("try", "behavior_score", "{\"pet_id\": 3}");
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.err()).contains("invalid-request", "/pet_id must be a text, but is 3", "/species is missing");

        Ran noFile = patchbay("try", "behavior_score", "@nofile");
        assertThat(noFile.exit()).isEqualTo(2);
        assertThat(noFile.err()).isEqualTo("error: there is no file nofile%n".formatted());
    }

    @Test
    void modules_and_routes_are_tables_for_people_and_json_for_scripts() {
        assertThat(patchbay("modules").out().lines().toList())
                .hasSize(8)
                .anySatisfy(line -> assertThat(line).matches("behavior_score +2\\.9\\.1 +ready +legacy-tenant .*"));
        JsonNode modules = patchbay("modules", "--json").json().path("modules");
        assertThat(modules.size()).isEqualTo(7);
        assertThat(modules)
                .allSatisfy(
                        module -> assertThat(module.path("state").asString()).isEqualTo("ready"));

        assertThat(patchbay("routes").out())
                .contains("tenant_a → 2.9.1", "behavior-score-canary 10% → 3.1.0 (pet_id)", "revision 1");
        assertThat(patchbay("routes", "--json").json().path("revision").asInt()).isEqualTo(1);
    }

    @Test
    void explain_walks_the_rules() {
        assertThat(patchbay("explain", "behavior_score", "--tenant", "tenant_a").out())
                .contains("✔ legacy-tenant → 2.9.1", "→ 2.9.1  reason TENANT");
        assertThat(patchbay("explain", "behavior_score", "-a", "pet_id=felix").out())
                .contains("bucket 2.145 %, share 0.000–10.000 %", "→ 3.1.0  reason SPLIT");
        assertThat(patchbay("explain", "behavior_score", "--request", "../requests/behavior_score-zoomies.json")
                        .out())
                .contains("→ 3.1.0  reason SPLIT");
        assertThat(patchbay("explain", "behaviour_score").err()).startsWith("error: unknown-task — ");
    }

    @Test
    void rollback_undoes_the_last_change_of_a_task_and_history_tells_it() throws IOException {
        Ran nothing = patchbay("rollback", "behavior_score", "--reason", "too early");
        assertThat(nothing.exit()).isEqualTo(1);
        assertThat(nothing.err())
                .startsWith("error: unknown-revision — Task 'behavior_score' was never routed otherwise");

        Path config = folder.resolve("patchbay.yaml");
        Files.writeString(
                config, Files.readString(config).replace("default_version: \"3.0.0\"", "default_version: \"3.1.0\""));
        await().untilAsserted(() ->
                assertThat(patchbay("try", "behavior_score", SCORE).err()).startsWith("behavior_score 3.1.0 "));

        Ran back = patchbay("rollback", "behavior_score", "--reason", "3.1.0 scores puppies too high");
        assertThat(back.exit()).as(back.err()).isZero();
        assertThat(patchbay("try", "behavior_score", SCORE).err())
                .startsWith("behavior_score 3.0.0 · reason=DEFAULT;rev=3 ");

        JsonNode revisions = patchbay("history", "--json").json().path("revisions");
        assertThat(revisions.size()).isEqualTo(3);
        assertThat(patchbay("history").out()).contains("3.1.0 scores puppies too high", "maria");
    }

    @Test
    void rollout_shows_an_experiment_and_decides_about_it() {
        assertThat(patchbay("rollout", "status").out())
                .contains(
                        "behavior_score  behavior-score-canary → 3.1.0   running   set 10 %",
                        "guard (rollback)  ◌ inconclusive");
        Ran more = patchbay("rollout", "promote", "behavior_score", "--to", "40", "--reason", "looks well");
        assertThat(more.exit()).as(more.err()).isZero();
        assertThat(more.out()).contains("running   set 40 %");

        assertThat(patchbay("rollout", "abort", "behavior_score").err())
                .contains("Missing required option: '--reason=TEXT'");
        assertThat(patchbay("rollout", "abort", "behavior_score", "--reason", "odd scores")
                        .out())
                .contains(
                        "✖ halted by ",
                        "gets no calls until: patchbay rollout acknowledge behavior_score --experiment behavior-score-canary");
        Ran again = patchbay("rollout", "abort", "behavior_score", "--reason", "odd scores");
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err())
                .startsWith(
                        "error: conflict — Experiment 'behavior-score-canary' of 'behavior_score' is halted already");
        assertThat(patchbay("routes").out()).contains("behavior-score-canary 0% → 3.1.0", "differs from the file");
        assertThat(patchbay("rollout", "status", "--json")
                        .json()
                        .path("rollouts")
                        .get(0)
                        .path("decision")
                        .path("reason")
                        .asString())
                .isEqualTo("odd scores");

        assertThat(patchbay("rollout", "acknowledge", "behavior_score", "--reason", "they were right")
                        .out())
                .contains("running   set 10 %");
        assertThat(patchbay("history").out()).contains("halt: odd scores", "acknowledge: they were right");
        assertThat(patchbay("rollout").exit()).isEqualTo(2);
        assertThat(patchbay("rollout", "status", "nudge").out())
                .startsWith("No experiment has a share of task 'nudge'");
    }

    @Test
    void usage_and_top_tell_who_uses_what() {
        patchbay("try", "behavior_score", SCORE, "--tenant", "tenant_b", "--repeat", "3");

        assertThat(patchbay("usage").out().lines().toList())
                .anySatisfy(line ->
                        assertThat(line).matches("behavior_score +3\\.0\\.0 +3 +0 +0 .* no: named by default_version"));
        assertThat(patchbay("usage", "behavior_score", "--tenants", "--stages").out())
                .contains("  tenant_b", "  model", "  queue");
        JsonNode versions = patchbay("usage", "behavior_score", "--json").json().path("versions");
        assertThat(versions.size()).isEqualTo(3);
        assertThat(versions.get(1).path("minute").path("answered").asInt()).isEqualTo(3);
        assertThat(versions.get(0).path("safe_to_retire").asBoolean()).isFalse();
        Ran unknown = patchbay("usage", "behaviour_score");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).contains("no version of a task 'behaviour_score' is loaded");

        assertThat(patchbay("top", "--times", "1").out()).contains("CALLS/S", "3.0.0 (default)");
        assertThat(patchbay("top", "--every", "0").exit()).isEqualTo(2);
    }

    @Test
    void shadow_report_compares_answers() throws IOException {
        assertThat(patchbay("shadow", "report", "behavior_score").out())
                .startsWith("No shadow of 'behavior_score' was asked anything");
        Path config = folder.resolve("patchbay.yaml");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace(
                                "    default_version: \"3.0.0\"",
                                "    default_version: \"3.0.0\"\n    shadow: [{version: \"2.9.1\"}]"));
        await().until(() -> patchbay("routes").out().contains("revision 2"));
        patchbay("try", "behavior_score", SCORE, "--tenant", "tenant_b");
        await().untilAsserted(() -> assertThat(
                        patchbay("shadow", "report", "behavior_score").out())
                .contains("behavior_score 2.9.1   1 compared", "/score", "tenants affected: tenant_b 1×"));
        assertThat(patchbay("shadow").exit()).isEqualTo(2);
    }

    @Test
    void doctor_finds_the_gateway_and_says_that_all_is_well() {
        Ran ran = patchbay("doctor");

        assertThat(ran.exit()).as(ran.out()).isZero();
        assertThat(ran.out()).contains("✔ engines: onnx", "✔ a gateway runs, revision 1", "All is well.");
    }

    @Test
    void wrong_usage_and_an_absent_gateway_have_exit_codes_of_their_own() {
        assertThat(patchbay("fly").exit()).isEqualTo(2);
        StringWriter err = new StringWriter();
        int exit = Patchbay.run(
                new PrintWriter(new StringWriter()), new PrintWriter(err), "routes", "--admin=http://127.0.0.1:1");
        assertThat(exit).isEqualTo(5);
        assertThat(err.toString())
                .contains("no gateway answers at http://127.0.0.1:1/", "Start one with `patchbay serve FOLDER`");
    }
}

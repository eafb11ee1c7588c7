package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Artifacts that come and go in an order that nobody planned.
class DeploymentOrderTest {

    @TempDir
    Path directory;

    private ModuleCompiler compiler;
    private LiveCore core;

    @BeforeEach
    void start() throws Exception {
        compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        core = new LiveCore(directory.resolve("data"));
    }

    @AfterEach
    void stop() throws Exception {
        core.close();
    }

    private Path jar(String version, String name) throws Exception {
        Path built = compiler.jar(directory, SmallModule.of("t", version));
        return Files.move(built, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path copy(Path artifact, String name) throws Exception {
        return Files.copy(artifact, artifact.resolveSibling(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private void gone(Path artifact) throws Exception {
        Files.delete(artifact);
        core.deployer.disappeared(artifact);
    }

    private String ask(String version) throws Exception {
        return LiveCore.said(core.call("t", version, "{\"x\": 1}"));
    }

    @Test
    void bytes_under_two_names_serve_until_both_are_gone() throws Exception {
        Path first = jar("1.0.0", "a.jar");
        core.deploy(first);
        Path second = copy(first, "b.jar");
        core.deployer.appeared(second);
        core.settle();
        gone(first);
        assertThat(ask("1.0.0")).isEqualTo("{\"y\":1.0}");
        assertThat(core.lines()).containsExactly("b.jar ready");
        gone(second);
        core.awaitGone("t");
    }

    @Test
    void a_place_whose_bytes_go_back_to_what_serves_lets_the_others_go() throws Exception {
        Path place = jar("1.0.0", "t.jar");
        core.deploy(place);
        core.configure("inference: {t: {default_version: 1.0.0}}");
        Path kept = copy(place, "kept");
        core.deploy(jar("2.0.0", "t.jar"));
        assertThat(ask("2.0.0")).isEqualTo("{\"y\":1.0}");
        copy(kept, "t.jar");
        core.deployer.appeared(place);
        core.settle();
        Awaitility.await().until(() -> core.lines().contains("t.jar gone"));
        assertThat(core.lines()).containsExactly("t.jar ready", "t.jar gone");
        assertThat(ask("2.0.0")).startsWith("unknown-version");
        assertThat(ask("1.0.0")).isEqualTo("{\"y\":1.0}");
    }

    @Test
    void what_went_before_it_was_its_turn_leaves_no_entry() throws Exception {
        Path slow = compiler.jar(directory, SmallModule.of("slow", "1.0.0").loading("Thread.sleep(700);"));
        Path slower = compiler.jar(directory, SmallModule.of("slower", "1.0.0").loading("Thread.sleep(700);"));
        core.deployer.appeared(slow);
        core.deployer.appeared(slower);
        Path third = jar("1.0.0", "t.jar");
        core.deployer.appeared(third);
        gone(third);
        core.settle();
        assertThat(core.lines()).allMatch(line -> line.startsWith("slow") && line.endsWith(" ready"));
    }

    @Test
    void what_goes_while_it_loads_is_not_served() throws Exception {
        Path slow = compiler.jar(directory, SmallModule.of("slow", "1.0.0").loading("Thread.sleep(700);"));
        core.deployer.appeared(slow);
        Awaitility.await().until(() -> core.lines().stream().anyMatch(line -> line.endsWith(" loading")));
        gone(slow);
        core.settle();
        core.awaitGone("slow");
        assertThat(LiveCore.said(core.call("slow", "1.0.0", "{\"x\": 1}"))).startsWith("unknown-");
    }

    @Test
    void bytes_that_come_back_and_go_again_while_calls_drain_do_not_come_back() throws Exception {
        Path place = compiler.jar(directory, SmallModule.of("t", "1.0.0").predicting("Thread.sleep(900);"));
        core.deploy(place);
        var inside = core.send("t", "{\"x\": 1}", Duration.ofSeconds(10));
        core.configure("inference: {t: {default_version: 1.0.0}}");
        inside = core.send("t", "{\"x\": 1}", Duration.ofSeconds(10));
        core.configure("inference: {}");
        core.deployer.disappeared(place);
        core.deployer.appeared(place);
        core.settle();
        core.deployer.disappeared(place);
        assertThat(LiveCore.said(inside.get())).isEqualTo("{\"y\":1.0}");
        core.awaitGone("t");
        Thread.sleep(200); // time to be loaded again, were it to be
        core.settle();
        assertThat(core.lines()).allMatch(line -> line.endsWith(" gone"));
    }

    @Test
    void settings_that_are_saved_while_a_version_loads_are_its_settings() throws Exception {
        Path slow = compiler.jar(
                directory,
                SmallModule.of("slow", "1.0.0")
                        .with("public void load(ModuleContext context) throws Exception { Thread.sleep(700); }"
                                + " public Answer predict(Question question, Call call) throws Exception {"
                                + " Thread.sleep(400); return new Answer(question.x()); }"));
        core.deployer.appeared(slow);
        Awaitility.await().until(() -> core.lines().stream().anyMatch(line -> line.endsWith(" loading")));
        core.configure("inference: {slow: {limits: {timeout: 150ms}}}");
        core.settle();
        Awaitility.await()
                .untilAsserted(() -> assertThat(LiveCore.said(core.call("slow", "1.0.0", "{\"x\": 1}")))
                        .startsWith("deadline-exceeded: slow 1.0.0 did not answer within 150 ms"));
    }

    @Test
    void calls_that_hang_in_an_instance_that_was_replaced_do_not_take_its_successor_out() throws Exception {
        Path place = compiler.jar(
                directory,
                SmallModule.of("t", "1.0.0")
                        .predicting("while (question.x() == -9 && !Boolean.getBoolean(\"patchbay.test.order.end\"))"
                                + " Thread.onSpinWait();"));
        core.deploy(place);
        core.configure("inference: {t: {default_version: 1.0.0, limits: {timeout: 100ms, concurrency: 2}}}");
        try {
            var hanging = List.of(
                    core.send("t", "{\"x\": -9}", Duration.ofSeconds(10)),
                    core.send("t", "{\"x\": -9}", Duration.ofSeconds(10)));
            for (var call : hanging) {
                assertThat(LiveCore.said(call.get())).startsWith("deadline-exceeded");
            }
            core.configure("inference: {t: {default_version: 1.0.0, limits: {timeout: 200ms, concurrency: 2}}}");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> core.events.since(0).stream()
                            .anyMatch(event -> event.kind().equals("call-lingers")));
            Thread.sleep(1_000); // time for a quarantine, were there to be one
            assertThat(LiveCore.line(core.status("t", "1.0.0").state())).isEqualTo("ready");
            assertThat(LiveCore.said(core.call("t", "{\"x\": 2}"))).isEqualTo("{\"y\":2.0}");
        } finally {
            System.setProperty("patchbay.test.order.end", "true");
        }
    }

    @Test
    void a_batch_size_that_cannot_be_told_is_a_failed_load_and_takes_no_version() throws Exception {
        Path broken = compiler.folder(
                directory, SmallModule.of("t", "1.0.0").predictingAll("").with("""
                                public int largestBatch() { throw new IllegalStateException("no idea"); }
                                public List<Answer> predictAll(List<Question> questions, Batch batch) { return List.of(); }
                                public Answer predict(Question question, Call call) { return new Answer(1); }"""));
        assertThat(LiveCore.line(core.deploy(broken).state()))
                .startsWith("failed in load: ")
                .contains("no idea");
        core.deploy(jar("1.0.0", "t.jar"));
        assertThat(ask("1.0.0")).isEqualTo("{\"y\":1.0}");
    }

    @Test
    void copies_of_what_failed_are_not_kept() throws Exception {
        core.deploy(compiler.jar(
                directory, SmallModule.of("t", "1.0.0").loading("throw new IllegalStateException(\"no\");")));
        try (var copies = Files.list(directory.resolve("data").resolve("artifacts"))) {
            assertThat(copies.filter(Files::isDirectory)).isEmpty();
        }
    }
}

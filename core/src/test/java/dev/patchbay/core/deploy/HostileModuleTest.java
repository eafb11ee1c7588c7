package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import dev.patchbay.core.telemetry.EventLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A module that misbehaves costs its own callers; others go on, and the operator is told.
class HostileModuleTest {

    /// Ends hostile loops when the test is over, so that they cost no other test.
    private static final String GO_ON = "!Boolean.getBoolean(\"patchbay.test.hostile.end\")";

    @TempDir
    Path directory;

    private ModuleCompiler compiler;
    private LiveCore core;

    @BeforeEach
    void aGoodModuleOnEachLane() throws Exception {
        System.clearProperty("patchbay.test.hostile.end");
        compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        core = new LiveCore(directory.resolve("data"));
        core.deploy(compiler.jar(directory, SmallModule.of("good_compute", "1.0.0")));
        core.deploy(compiler.jar(directory, SmallModule.of("good_io", "1.0.0").annotated("lane = Lane.IO")));
        core.configure("inference: {good_compute: {default_version: 1.0.0}, good_io: {default_version: 1.0.0},"
                + " hostile: {limits: {timeout: 100ms, drain: 100ms, concurrency: 4}}}");
    }

    @AfterEach
    void theGoodModulesServe() throws Exception {
        othersServe();
        System.setProperty("patchbay.test.hostile.end", "true");
        core.close();
    }

    private void othersServe() throws Exception {
        assertThat(LiveCore.said(core.call("good_compute", "{\"x\": 2}"))).isEqualTo("{\"y\":2.0}");
        assertThat(LiveCore.said(core.call("good_io", "{\"x\": 2}"))).isEqualTo("{\"y\":2.0}");
    }

    private String ask() throws Exception {
        return LiveCore.said(core.call("hostile", "1.0.0", "{\"x\": 1}"));
    }

    private void deployHostile(SmallModule module) throws InterruptedException {
        assertThat(LiveCore.line(core.deploy(compiler.jar(directory, module)).state()))
                .isEqualTo("ready");
    }

    private static SmallModule hostile() {
        return SmallModule.of("hostile", "1.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMPUTE", "IO"})
    void callsThatSpinAreAnsweredCountedAndTheVersionIsQuarantined(String lane) throws Exception {
        deployHostile(
                hostile().annotated("lane = Lane." + lane).predicting("while (" + GO_ON + ") Thread.onSpinWait();"));
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return ask();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (CompletableFuture<String> answer : answers) {
            assertThat(answer.get())
                    .isEqualTo("deadline-exceeded: hostile 1.0.0 did not answer within 100 ms; the call was running."
                            + " Allow more time with Inference-Timeout or inference.hostile.limits.timeout");
        }
        othersServe();
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() ->
                        LiveCore.line(core.status("hostile", "1.0.0").state()).startsWith("quarantined"));
        ModuleStatus status = core.status("hostile", "1.0.0");
        assertThat(LiveCore.line(status.state()))
                .isEqualTo("quarantined: 4 calls go on long after their deadline and cannot be ended;"
                        + " their threads are lost");
        assertThat(Objects.requireNonNull(status.live()).abandoned()).isEqualTo(4);
        assertThat(core.meters.get("patchbay.modules.quarantined").gauge().value())
                .isEqualTo(1);
        assertThat(core.meters.get("patchbay.requests.abandoned").gauge().value())
                .isEqualTo(4);
        assertThat(told("call-lingers"))
                .singleElement()
                .asString()
                .matches(
                        "a call inside hostile@1\\.0\\.0#3 goes on long after its deadline, at Small\\.predict:\\d+, and"
                                + " holds its thread until it returns\\. With 4 such calls the version is quarantined\\."
                                + " Let predict end when its thread is interrupted");
        assertThat(told("module-quarantined"))
                .containsExactly("hostile@1.0.0#3 is quarantined: 4 calls go on long after their deadline and cannot be"
                        + " ended; their threads are lost");
        assertThat(ask()).startsWith("unknown-version: Task 'hostile' has no ready version '1.0.0'");
        System.setProperty("patchbay.test.hostile.end", "true");
        core.awaitGone("hostile");
    }

    @Test
    void aCallThatIgnoresInterruptsKeepsItsVersionFromTeardown() throws Exception {
        deployHostile(hostile()
                .with("static volatile boolean tornDown; public void teardown() { tornDown = true; }"
                        + " public Answer predict(Question question, Call call) { while (" + GO_ON
                        + ") try { Thread.sleep(10); } catch (InterruptedException e) { }"
                        + " if (tornDown) System.setProperty(\"patchbay.test.hostile.torn\", \"true\");"
                        + " return new Answer(1); }"));
        assertThat(ask()).startsWith("deadline-exceeded: ");
        core.deployer.disappeared(directory.resolve("hostile-1.0.0.jar"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        LiveCore.line(core.status("hostile", "1.0.0").state()).startsWith("quarantined"));
        assertThat(LiveCore.line(core.status("hostile", "1.0.0").state()))
                .isEqualTo("quarantined: 1 calls did not end within the drain time of 100 ms;"
                        + " it is not torn down under them");
        othersServe();
        System.setProperty("patchbay.test.hostile.end", "true");
        core.awaitGone("hostile");
        assertThat(System.getProperty("patchbay.test.hostile.torn")).isNull();
    }

    @Test
    void memoryWithoutEndFailsTheCallThatTookIt() throws Exception {
        core.configure("inference: {good_compute: {default_version: 1.0.0}, good_io: {default_version: 1.0.0},"
                + " hostile: {limits: {timeout: 3m}}}");
        deployHostile(
                hostile()
                        .predicting(
                                "List<Object> all = new ArrayList<>(); while (question.x() > 0) all.add(new long[16_000_000]);"));
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<List<String>> others = CompletableFuture.supplyAsync(() -> answersUntil(over));
        core.configure("inference: {good_compute: {default_version: 1.0.0}, good_io: {default_version: 1.0.0},"
                + " hostile: {default_version: 1.0.0, limits: {timeout: 3m}}}");
        assertThat(LiveCore.said(core.send("hostile", "{\"x\": 1}", Duration.ofMinutes(3))
                        .get()))
                .startsWith("module-failed: hostile 1.0.0 failed on this request.");
        assertThat(told("out-of-memory"))
                .singleElement()
                .asString()
                .matches("hostile@1\\.0\\.0#3 broke on request r\\d+ at Small\\.predict:\\d+:"
                        + " java\\.lang\\.OutOfMemoryError: Java heap space\\. Bound what one request may take,"
                        + " give the JVM more \\(-Xmx\\), or run the module in a process of its own\\."
                        + " Whoever asks when nothing is left gets this error: others may have taken the memory");
        over.set(true);
        // in the very moment in which memory is out, a call of others may fail too; none may be lost or hang
        assertThat(others.get()).isNotEmpty().allMatch(said -> said.equals("{\"y\":3.0}") || said.contains("failed"));
    }

    private List<String> told(String kind) {
        return core.events.since(0).stream()
                .filter(event -> event.kind().equals(kind))
                .map(EventLog.Event::message)
                .toList();
    }

    @Test
    void aVersionThatRunsOutOfMemoryAgainAndAgainRestsWhateverItAnswersInBetween() throws Exception {
        deployHostile(hostile()
                .predicting("if (question.x() == 1) throw new OutOfMemoryError(\"Java heap space\");"
                        + " if (question.x() == 3) throw new OutOfMemoryError(\"Metaspace\");"));
        String answered = "{\"y\":2.0}";
        assertThat(ask()).startsWith("module-failed");
        assertThat(ask(2)).isEqualTo(answered);
        assertThat(ask()).startsWith("module-failed");
        assertThat(ask(2)).isEqualTo(answered);
        assertThat(ask(3)).startsWith("module-failed");
        assertThat(ask(2))
                .matches(
                        "circuit-open: hostile 1\\.0\\.0 ran out of memory 3 times within a minute and rests for another"
                                + " \\d+ ms; its failures are in the gateway's log");
        assertThat(told("out-of-memory")).hasSize(2);
        assertThat(told("out-of-memory").getLast())
                .contains(
                        "java.lang.OutOfMemoryError: Metaspace. Retire versions that nobody uses (`patchbay usage`), look"
                                + " for leaked ones (`patchbay leaks`), or raise -XX:MaxMetaspaceSize");
        assertThat(told("circuit-open"))
                .containsExactly(
                        "hostile@1.0.0#3 ran out of memory 3 times within a minute and rests for 10 s: its callers"
                                + " get circuit-open meanwhile. The failures are in the log; `patchbay rollback` or a fallback"
                                + " gives callers another version");
        assertThat(core.status("hostile", "1.0.0").live()).matches(live -> live != null && live.circuitOpen());
    }

    private String ask(int x) throws Exception {
        return LiveCore.said(core.call("hostile", "1.0.0", "{\"x\": %d}".formatted(x)));
    }

    @Test
    void aVersionThatFailsEveryTimeRestsAndTheOperatorHearsOfItsEnd() throws Exception {
        core.configure("inference: {good_compute: {default_version: 1.0.0}, good_io: {default_version: 1.0.0},"
                + " hostile: {limits: {circuit: {failures: 2, rest: 1ms}}}}");
        deployHostile(hostile().predicting("if (question.x() == 1) throw new IllegalStateException();"));
        assertThat(ask()).startsWith("module-failed");
        assertThat(ask()).startsWith("module-failed");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> ask(2).equals("{\"y\":2.0}"));
        assertThat(told("circuit-open"))
                .singleElement()
                .asString()
                .startsWith("hostile@1.0.0#3 failed 2 times in a row");
        assertThat(told("circuit-closed")).containsExactly("hostile@1.0.0#3 answers again");
    }

    @Test
    void aVersionThatIsNotLoadedIsAnEvent() throws Exception {
        core.deploy(compiler.jar(directory, hostile().loading("throw new IllegalStateException(\"no weights\");")));
        assertThat(told("deployment-failed"))
                .singleElement()
                .asString()
                .startsWith("hostile@1.0.0 failed in load, and nothing else changed: ")
                .contains("no weights");
    }

    private List<String> answersUntil(AtomicBoolean over) {
        List<String> said = new ArrayList<>();
        try {
            while (!over.get()) {
                said.add(LiveCore.said(core.call("good_compute", "{\"x\": 3}")));
                Thread.sleep(5);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return said;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "throw new StackOverflowError();",
                "throw new LinkageError();",
                "throw new OutOfMemoryError();",
                "throw new ThreadDeath();",
                "deeper(1);"
            })
    void anErrorIsAnAnswer(String statement) throws Exception {
        deployHostile(hostile()
                .with("static int deeper(int i) { return deeper(i + 1) + 1; } "
                        + "public Answer predict(Question question, Call call) { if (question.x() > 0) { " + statement
                        + " } return new Answer(0); }"));
        Outcome outcome = core.call("hostile", "1.0.0", "{\"x\": 1}");
        assertThat(LiveCore.said(outcome)).startsWith("module-failed: hostile 1.0.0 failed on this request.");
        assertThat(ask(0)).isEqualTo("{\"y\":0.0}");
        assertThat(Stream.concat(told("module-broken").stream(), told("out-of-memory").stream()))
                .hasSize(statement.contains("ThreadDeath") ? 0 : 1)
                .allMatch(words -> words.matches("hostile@1\\.0\\.0#3 broke on request r\\d+ at Small\\.\\w+:\\d+:"
                        + " java\\.lang\\.\\w+Error\\. .+"));
    }

    @Test
    void aTeardownThatThrowsAndAnOwnThreadThatSpinsStopNoRetirement() throws Exception {
        deployHostile(hostile()
                .with(
                        "public void load(ModuleContext context) throws Exception { CountDownLatch runs = new CountDownLatch(1);"
                                + " context.executor().submit(() -> { runs.countDown(); while (" + GO_ON
                                + ") Thread.onSpinWait(); }); runs.await(); }"
                                + " public void teardown() { throw new LinkageError(); }"));
        core.deployer.disappeared(directory.resolve("hostile-1.0.0.jar"));
        core.awaitGone("hostile");
        assertThat(core.status("hostile", "1.0.0").freed())
                .containsExactly("ended 1 task still running in its executor");
        assertThat(core.events.since(0))
                .extracting(EventLog.Event::message)
                .contains("teardown of hostile@1.0.0#3 left things undone, and the host did them:"
                        + " ended 1 task still running in its executor");
        core.deployer.leaks().decide();
        assertThat(core.status("hostile", "1.0.0").loader()).isEqualTo("leaked");
        assertThat(core.meters.get("patchbay.modules.leaked").gauge().value()).isEqualTo(1);
    }
}

package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A rollback holds for every call that begins after it returned, and no call fails: by the requests that the command
/// line and the console make as well.
class RollbackUnderLoadTest {

    private static final int CALLERS = 4;
    private static final int ROLLBACKS = 20;

    /// One call: when it was sent, and who answered.
    private record Call(long sent, long answered, String version) {}

    /// From when on a version has to answer.
    private record Change(long begun, long done, String version) {}

    @TempDir
    Path folder;

    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> callers = new ArrayList<>();
    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("pets"), "inference: {greeting: {default_version: \"1.0.0\"}}")
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"))
                .with("greeting-2.0.0", SourceModule.echo("greeting", "2.0.0"))
                .start();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofPlatform().start(this::callAgainAndAgain));
        }
    }

    @AfterEach
    void stop() throws Exception {
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        gateway.close();
    }

    private void callAgainAndAgain() {
        while (!over.get()) {
            try {
                long sent = System.nanoTime();
                HttpResponse<String> answer = gateway.post("/v1/inference/greeting", "{\"name\":\"luna\",\"sleep\":2}");
                if (answer.statusCode() != 200) {
                    lost.add(answer.body());
                }
                calls.add(new Call(
                        sent,
                        System.nanoTime(),
                        answer.headers().firstValue("inference-version").orElse("none")));
            } catch (Exception e) {
                lost.add(e.toString());
            }
        }
    }

    private Change change(String path, String body, String version) throws Exception {
        long begun = System.nanoTime();
        HttpResponse<String> answer = gateway.admin("POST", path, body);
        long done = System.nanoTime();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        int so = calls.size();
        await().until(() -> calls.size() > so + 3 * CALLERS);
        return new Change(begun, done, version);
    }

    private void judge(List<Change> changes) throws Exception {
        long end = System.nanoTime();
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(lost).isEmpty();
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            // what is not answered before the next one is made may go either way
            long until = i + 1 < changes.size() ? changes.get(i + 1).begun() : end;
            assertThat(calls)
                    .filteredOn(call -> call.sent() - change.done() > 0 && call.answered() - until < 0)
                    .as("after change %d", i)
                    .allMatch(call -> call.version().equals(change.version()));
        }
        assertThat(calls).hasSizeGreaterThan(changes.size() * 3 * CALLERS);
    }

    @Test
    void rollbacksToAndFro() throws Exception {
        gateway.save("inference: {greeting: {default_version: \"2.0.0\"}}");
        await().until(() -> gateway.admin("status").path("revision").asInt() == 2);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < ROLLBACKS; i++) {
            String version = i % 2 == 0 ? "1.0.0" : "2.0.0";
            changes.add(change(
                    "/admin/v1/rollback",
                    "{\"task\":\"greeting\",\"to_version\":\"%s\",\"reason\":\"to and fro\"}".formatted(version),
                    version));
        }
        judge(changes);
    }

    @Test
    void aCanaryThatIsTakenAway() throws Exception {
        gateway.save("""
                inference:
                  greeting:
                    default_version: "1.0.0"
                    experiments:
                      - {name: next, rollout: 100, unit: request, version: "2.0.0", guard: {mode: observe}}
                """);
        await().until(() -> calls.stream().anyMatch(call -> call.version().equals("2.0.0")));
        judge(List.of(
                change("/admin/v1/rollout/greeting/abort", "{\"author\":\"ana\",\"reason\":\"too slow\"}", "1.0.0")));
    }
}

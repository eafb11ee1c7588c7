package dev.patchbay.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.InferenceReply;
import dev.patchbay.core.InferenceRequest;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.Reuse;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import dev.patchbay.core.registry.ModuleKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of calls that are equal.
class ResponseCacheTest {

    /// Answers how often it was asked. Waits while the file `gate` is not there if `x` is 1, fails if it is negative,
    /// and keeps its answer to itself if it is 7.
    private static final String COUNTING = """
            private final AtomicInteger asked = new AtomicInteger();
            public Answer predict(Question question, Call call) throws Exception {
                int number = asked.incrementAndGet();
                if (question.x() == 1) {
                    while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) { Thread.sleep(2); }
                }
                if (question.x() == 7) { call.noStore(); }
                if (question.x() < 0) { throw new IllegalStateException("no"); }
                return new Answer(number);
            }""";

    private static final String ASKING = """
            public Answer predict(Question question, Call call) {
                return call.infer("t", question, Answer.class);
            }""";

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private LiveCore core;
    private ModuleCompiler compiler;
    private Path gate;

    @BeforeEach
    void start() throws Exception {
        compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        gate = directory.resolve("gate");
        core = new LiveCore(directory.resolve("data"));
        String counting = COUNTING.formatted(gate.toString().replace("\\", "\\\\"));
        String annotation = "deterministic = true, lane = Lane.IO";
        core.deploy(compiler.folder(
                directory, SmallModule.of("t", "1.0.0").annotated(annotation).with(counting)));
        core.deploy(compiler.folder(
                directory,
                SmallModule.of("t", "2.0.0").annotated("lane = Lane.IO").with(counting)));
        core.deploy(compiler.folder(
                directory,
                SmallModule.of("outer", "1.0.0").annotated(annotation).with(ASKING)));
    }

    @AfterEach
    void stop() throws Exception {
        core.close();
    }

    private void serve(String ofTask) {
        core.configure("""
                inference:
                  t: {default_version: 1.0.0, %s}
                  outer: {default_version: 1.0.0, cache: {ttl: 1h}}
                """.formatted(ofTask));
    }

    private CompletableFuture<InferenceReply> send(
            String task, double x, @Nullable String tenant, @Nullable String cacheControl, Duration timeout) {
        return send(
                task,
                x,
                CallContext.incoming("r", tenant, timeout, TraceContext.from(null, null), Reuse.of(cacheControl)));
    }

    private CompletableFuture<InferenceReply> send(String task, double x, CallContext context) {
        byte[] body = "{\"x\": %s}".formatted(x).getBytes(StandardCharsets.UTF_8);
        return core.gateway.infer(
                new InferenceRequest(task, null, new InferenceRequest.Body.Bytes(body), Map.of(), context, null));
    }

    private String ask(double x) throws Exception {
        return told(send("t", x, "acme", null, LONG));
    }

    private static String told(CompletableFuture<InferenceReply> sent) throws Exception {
        InferenceReply reply = sent.get(20, TimeUnit.SECONDS);
        String said = LiveCore.said(reply.outcome());
        return (said.startsWith("{") ? said : said.substring(0, said.indexOf(':'))) + " "
                + reply.record().cache().label();
    }

    private double counted(String result) {
        return core.meters.find("patchbay.cache.requests").tag("result", result).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private ResponseCache.Kept kept() {
        return Objects.requireNonNull(core.gateway.cache().kept().get("t"));
    }

    private void open() throws Exception {
        Files.writeString(gate, "");
    }

    /// Waits until the version has so many calls inside.
    private void awaitInside(long calls) throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        while (core.meters
                        .get("patchbay.requests.in.flight")
                        .tag("version", "1.0.0")
                        .tag("task", "t")
                        .gauge()
                        .value()
                < calls) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(2);
        }
    }

    @Test
    void withoutAWordInTheConfigEveryCallIsAnswered() throws Exception {
        serve("attributes: {}");
        assertThat(List.of(ask(0), ask(0))).containsExactly("{\"y\":1.0} none", "{\"y\":2.0} none");
        assertThat(core.gateway.cache().kept()).isEmpty();
    }

    @Test
    void anEqualCallIsGivenTheAnswerAndKeepsItsIdentity() throws Exception {
        serve("cache: {ttl: 1h}");
        assertThat(ask(0)).isEqualTo("{\"y\":1.0} miss");
        InferenceReply again = core.gateway
                .infer(new InferenceRequest(
                        "t",
                        "1.0.0",
                        new InferenceRequest.Body.Bytes("{ \"x\": 0.0 }".getBytes(StandardCharsets.UTF_8)),
                        Map.of(),
                        CallContext.incoming("other", "acme", LONG, TraceContext.from(null, null)),
                        null))
                .get(20, TimeUnit.SECONDS);
        assertThat(LiveCore.said(again.outcome())).isEqualTo("{\"y\":1.0}");
        assertThat(again.record().cache()).isEqualTo(CacheResult.HIT);
        assertThat(again.record().context().requestId()).isEqualTo("other");
        assertThat(Objects.requireNonNull(again.record().resolution()).header()).isEqualTo("reason=PINNED;rev=2");
        assertThat(ask(0.5)).isEqualTo("{\"y\":2.0} miss");
        assertThat(counted("hit")).isOne();
        assertThat(counted("miss")).isEqualTo(2);
        assertThat(kept().answers()).isEqualTo(2);
    }

    @Test
    void tenantsShareNothing() throws Exception {
        serve("cache: {ttl: 1h}");
        assertThat(told(send("t", 0, "acme", null, LONG))).isEqualTo("{\"y\":1.0} miss");
        assertThat(told(send("t", 0, "umbrella", null, LONG))).isEqualTo("{\"y\":2.0} miss");
        assertThat(told(send("t", 0, null, null, LONG))).isEqualTo("{\"y\":3.0} miss");
    }

    @Test
    void failuresAreNotKept() throws Exception {
        serve("cache: {ttl: 1h}, fallback: {answer: {y: 0.5}}");
        assertThat(List.of(ask(-1), ask(-1))).containsExactly("{\"y\":0.5} none", "{\"y\":0.5} none");
        assertThat(ask(0)).isEqualTo("{\"y\":3.0} miss");
    }

    @Test
    void aCallerMayWantAnAnswerOfItsOwn() throws Exception {
        serve("cache: {ttl: 1h}");
        assertThat(told(send("t", 0, "acme", "no-store", LONG))).isEqualTo("{\"y\":1.0} bypass");
        assertThat(ask(0)).isEqualTo("{\"y\":2.0} miss");
        assertThat(told(send("t", 0, "acme", "No-Cache", LONG))).isEqualTo("{\"y\":3.0} bypass");
        assertThat(ask(0)).isEqualTo("{\"y\":3.0} hit");
    }

    @Test
    void aVersionThatPromisesNothingIsKeptOnlyIfItIsNamed() throws Exception {
        core.configure("inference: {t: {default_version: 2.0.0, cache: {ttl: 1h}}}");
        assertThat(List.of(ask(0), ask(0))).containsExactly("{\"y\":1.0} none", "{\"y\":2.0} none");
        core.configure(
                "inference: {t: {default_version: 2.0.0, aliases: {new: 2.0.0}, cache: {ttl: 1h, versions: [new]}}}");
        assertThat(List.of(ask(0), ask(0))).containsExactly("{\"y\":3.0} miss", "{\"y\":3.0} hit");
    }

    @Test
    void aModuleMayKeepAnAnswerToItsCall() throws Exception {
        serve("cache: {ttl: 1h}");
        assertThat(List.of(ask(7), ask(7))).containsExactly("{\"y\":1.0} miss", "{\"y\":2.0} miss");
        // and then whoever asked it may not keep it either
        assertThat(told(send("outer", 7, "acme", null, LONG))).isEqualTo("{\"y\":3.0} miss");
        assertThat(told(send("outer", 7, "acme", null, LONG))).isEqualTo("{\"y\":4.0} miss");
        assertThat(told(send("outer", 0, "acme", null, LONG))).isEqualTo("{\"y\":5.0} miss");
        assertThat(told(send("outer", 0, "acme", null, LONG))).isEqualTo("{\"y\":5.0} hit");
    }

    @Test
    void anAnswerMadeOfAFallbackIsNotKept() throws Exception {
        serve("attributes: {}, fallback: {answer: {y: 0.5}}");
        assertThat(told(send("outer", -1, "acme", null, LONG))).isEqualTo("{\"y\":0.5} miss");
        assertThat(told(send("outer", -1, "acme", null, LONG))).isEqualTo("{\"y\":0.5} miss");
    }

    @Test
    void aRevisionAsksEverythingAnew() throws Exception {
        serve("cache: {ttl: 1h}");
        assertThat(told(send("outer", 0, "acme", null, LONG))).isEqualTo("{\"y\":1.0} miss");
        // the other task's version behind it changes
        core.configure("""
                inference:
                  t: {default_version: 2.0.0}
                  outer: {default_version: 1.0.0, cache: {ttl: 1h}}
                """);
        assertThat(told(send("outer", 0, "acme", null, LONG))).isEqualTo("{\"y\":1.0} miss");
        assertThat(core.modules.find(new ModuleKey("t", "2.0.0"))).isPresent();
        assertThat(told(send("outer", 0, "acme", null, LONG))).isEqualTo("{\"y\":1.0} hit");
    }

    @Test
    void anOperatorForgetsTheAnswersOfATask() throws Exception {
        serve("cache: {ttl: 1h}");
        ask(0);
        assertThat(core.gateway.cache().clear("t").answers()).isOne();
        assertThat(core.gateway.cache().clear("t").answers()).isZero();
        assertThat(ask(0)).isEqualTo("{\"y\":2.0} miss");
    }

    @Test
    void answersGoWhenTheirTimeOrTheMemoryIsOver() throws Exception {
        serve("cache: {ttl: 50ms}");
        ask(0);
        Thread.sleep(100);
        assertThat(ask(0)).isEqualTo("{\"y\":2.0} miss");
        serve("cache: {size: 8KiB}");
        for (int i = 10; i < 110; i++) {
            ask(i);
        }
        ResponseCache.Kept kept = kept();
        assertThat(kept.bytes()).isBetween(1L, 8192L);
        assertThat(kept.evicted()).isGreaterThan(60);
    }

    @Test
    void equalCallsInFlightRunOnce() throws Exception {
        serve("cache: {ttl: 1h}");
        List<CompletableFuture<InferenceReply>> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sent.add(send("t", 1, "acme", null, LONG));
        }
        awaitInside(10);
        open();
        assertThat(told(sent.getFirst())).isEqualTo("{\"y\":1.0} miss");
        for (int i = 1; i < 10; i++) {
            assertThat(told(sent.get(i))).isEqualTo("{\"y\":1.0} coalesced");
        }
        assertThat(counted("coalesced")).isEqualTo(9);
    }

    @Test
    void whenTheCallThatRunsIsGivenUpTheNextOneRuns() throws Exception {
        serve("cache: {ttl: 1h}");
        CallContext leaving = CallContext.incoming("r", "acme", LONG, TraceContext.from(null, null));
        var first = send("t", 1, leaving);
        var late = send("t", 1, "acme", null, Duration.ofMillis(300));
        CallContext alsoLeaving = CallContext.incoming("r", "acme", LONG, TraceContext.from(null, null));
        var gone = send("t", 1, alsoLeaving);
        var patient = send("t", 1, "acme", null, LONG);
        var other = send("t", 1, "acme", null, LONG);
        awaitInside(5);
        alsoLeaving.cancel().cancel();
        assertThat(told(gone)).isEqualTo("cancelled miss");
        leaving.cancel().cancel();
        assertThat(told(first)).isEqualTo("cancelled miss");
        assertThat(told(late)).isEqualTo("deadline-exceeded miss");
        open();
        // 1 was given up, 2 ran out of time
        assertThat(told(patient)).isEqualTo("{\"y\":3.0} miss");
        assertThat(told(other)).isEqualTo("{\"y\":3.0} coalesced");
    }

    @Test
    void aCallThatWaitsEndsAtItsOwnDeadline() throws Exception {
        serve("cache: {ttl: 1h}");
        var first = send("t", 1, "acme", null, LONG);
        InferenceReply late = send("t", 1, "acme", null, Duration.ofMillis(50)).get(20, TimeUnit.SECONDS);
        assertThat(LiveCore.said(late.outcome()))
                .isEqualTo(
                        "deadline-exceeded: t 1.0.0 did not answer within 50 ms; the call waited for an equal one that runs. Allow more time with Inference-Timeout or inference.t.limits.timeout");
        open();
        assertThat(told(first)).isEqualTo("{\"y\":1.0} miss");
    }

    @Test
    void nobodyIsGivenAnothersFailure() throws Exception {
        core.deploy(compiler.folder(
                directory,
                SmallModule.of("shaky", "1.0.0")
                        .annotated("deterministic = true, lane = Lane.IO")
                        .with("""
                                private final AtomicInteger asked = new AtomicInteger();
                                public Answer predict(Question question, Call call) throws Exception {
                                    int number = asked.incrementAndGet();
                                    while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) { Thread.sleep(2); }
                                    if (number == 1) { throw new IllegalStateException("once"); }
                                    return new Answer(5);
                                }""".formatted(gate.toString().replace("\\", "\\\\")))));
        core.configure("inference: {shaky: {default_version: 1.0.0, cache: {ttl: 1h}}}");
        var first = send("shaky", 0, "acme", null, LONG);
        var second = send("shaky", 0, "acme", null, LONG);
        var third = send("shaky", 0, "acme", null, LONG);
        open();
        assertThat(told(first)).isEqualTo("module-failed miss");
        assertThat(told(second)).isEqualTo("{\"y\":5.0} miss");
        assertThat(told(third)).isEqualTo("{\"y\":5.0} miss");
    }

    @Test
    void aVersionThatLeavesAnswersThoseWhoWait() throws Exception {
        serve("cache: {ttl: 1h}");
        var first = send("t", 1, "acme", null, LONG);
        var second = send("t", 1, "acme", null, LONG);
        awaitInside(2);
        core.configure("inference: {t: {default_version: 2.0.0}, outer: {default_version: 1.0.0}}");
        core.deployer.retire(new ModuleKey("t", "1.0.0"));
        open();
        assertThat(told(first)).isEqualTo("{\"y\":1.0} miss");
        assertThat(told(second)).isEqualTo("{\"y\":1.0} coalesced");
    }
}

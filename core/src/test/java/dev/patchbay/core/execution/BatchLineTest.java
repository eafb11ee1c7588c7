package dev.patchbay.core.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.api.Batch;
import dev.patchbay.api.BatchModule;
import dev.patchbay.api.Call;
import dev.patchbay.api.CallMode;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Lane;
import dev.patchbay.core.schema.Codec;
import dev.patchbay.core.schema.JsonSchema;
import dev.patchbay.core.schema.ValueCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Which calls are answered together, which stay apart, and what one of them can do to the others.
class BatchLineTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    /// A module that answers what it is asked, notes who was with whom, and does what its test says.
    private static class Echo implements BatchModule<String, String> {

        final List<List<String>> batches = new CopyOnWriteArrayList<>();
        final CountDownLatch go = new CountDownLatch(1);
        final AtomicReference<Batch> last = new AtomicReference<>();

        @Override
        public List<String> predictAll(List<String> requests, Batch batch) throws Exception {
            batches.add(List.copyOf(requests));
            last.set(batch);
            if (requests.contains("wait")) {
                go.await();
            }
            if (requests.stream().anyMatch(request -> request.startsWith("poison"))) {
                throw new IllegalStateException("I do not take that");
            }
            return requests.stream().map(request -> "re " + request).toList();
        }

        @Override
        public String predict(String request, Call call) throws Exception {
            return predictAll(List.of(request), new Batch(List.of(call))).getFirst();
        }

        List<Integer> sizes() {
            return batches.stream().map(List::size).toList();
        }
    }

    /// A question that is what it says; `bad` is refused.
    private record Words(String text) implements Dialect {

        @Override
        public Object decode(Callee callee) {
            if (text.equals("bad")) {
                throw new InferenceException(ErrorCode.INVALID_REQUEST, "not that");
            }
            return text;
        }

        @Override
        public byte[] encode(Callee callee, Object answer) {
            return answer.toString().getBytes();
        }

        @Override
        public byte[] encodePart(Callee callee, Object part) {
            throw new AssertionError("nothing streams here");
        }
    }

    /// One call, and what became of it.
    private static final class Asked {
        final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        final AtomicInteger answers = new AtomicInteger();
        final AtomicInteger ends = new AtomicInteger();
        final CallTimings timings = new CallTimings(System.nanoTime());
        final CancelSignal cancel = new CancelSignal();

        String said() throws Exception {
            return switch (outcome.get(20, TimeUnit.SECONDS)) {
                case Outcome.Answer(byte[] text) -> new String(text);
                case Outcome.Failure(InferenceException error) -> error.code().id();
            };
        }
    }

    private final Deadlines deadlines = new Deadlines();
    private final Echo module = new Echo();
    private final List<Asked> all = new ArrayList<>();
    private ModuleExecutor executor = lane(module, 1, 0, Duration.ZERO);

    private ModuleExecutor lane(BatchModule<String, String> served, int concurrency, int batch, Duration wait) {
        JsonSchema any = JsonSchema.compile(JsonMapper.shared().readTree("{}"));
        Codec codec = new ValueCodec(any, any, null);
        @SuppressWarnings({"unchecked", "rawtypes"})
        InferenceModule<Object, Object> typed = (InferenceModule) served;
        var callee = new Callee(
                "t",
                "1.0.0",
                "t@1.0.0#1",
                typed,
                codec,
                tenant -> Optional.empty(),
                getClass().getClassLoader(),
                Lane.COMPUTE);
        return new ModuleExecutor(
                callee,
                new ExecutionLimits(concurrency, 10_000, LONG, 100_000, LONG, batch, wait),
                deadlines,
                (task, request, context) -> {
                    throw new AssertionError("nobody is asked");
                },
                stuck -> {});
    }

    private void serve(BatchModule<String, String> served, int concurrency, int batch, Duration wait) {
        executor.close();
        executor = lane(served, concurrency, batch, wait);
    }

    private Asked ask(String text) {
        return ask(text, null, CallMode.LIVE, LONG);
    }

    private Asked ask(String text, @Nullable String tenant, CallMode mode, Duration timeout) {
        Asked asked = new Asked();
        long now = System.nanoTime();
        all.add(asked);
        executor.submit(
                new CallContext(
                        text,
                        tenant,
                        mode,
                        now,
                        now + timeout.toNanos(),
                        TraceContext.from(null, null),
                        List.of(),
                        asked.cancel),
                new Words(text),
                null,
                asked.timings,
                outcome -> {
                    asked.answers.incrementAndGet();
                    asked.outcome.complete(outcome);
                },
                asked.ends::incrementAndGet);
        return asked;
    }

    /// Takes the only thread, so that the calls after it wait.
    private void block() {
        ask("wait");
        await().until(() -> module.batches.size() == 1);
    }

    @AfterEach
    void every_call_has_one_answer_and_one_end() throws Exception {
        module.go.countDown();
        for (Asked asked : all) {
            asked.said();
        }
        await().untilAsserted(
                        () -> assertThat(all).allMatch(asked -> asked.ends.get() == 1 && asked.answers.get() == 1));
        executor.close();
        deadlines.close();
    }

    @Test
    void an_idle_version_answers_at_once_and_while_it_does_the_next_batch_gathers() throws Exception {
        block();
        List<Asked> gathered = List.of(ask("a"), ask("b"), ask("c"));
        module.go.countDown();
        for (Asked asked : gathered) {
            asked.said();
        }
        assertThat(module.batches).containsExactly(List.of("wait"), List.of("a", "b", "c"));
        assertThat(gathered.get(1).said()).isEqualTo("re b");
        assertThat(gathered).extracting(asked -> asked.timings.batchSize()).containsExactly(3, 3, 3);
        assertThat(gathered).extracting(asked -> asked.timings.isFirstOfBatch()).containsExactly(true, false, false);
    }

    @Test
    void a_batch_is_never_larger_than_the_module_says_or_the_config() throws Exception {
        block();
        for (int i = 0; i < 70; i++) {
            ask("a" + i);
        }
        module.go.countDown();
        all.getLast().said();
        assertThat(module.sizes()).containsExactly(1, 32, 32, 6);
        Echo other = new Echo();
        serve(other, 1, 3, Duration.ZERO);
        ask("wait");
        await().until(() -> other.batches.size() == 1);
        for (int i = 0; i < 7; i++) {
            ask("a" + i);
        }
        other.go.countDown();
        all.getLast().said();
        assertThat(other.sizes()).containsExactly(1, 3, 3, 1);
    }

    @Test
    void a_module_that_takes_one_at_a_time_does_so_whatever_the_config_says() throws Exception {
        serve(
                new Echo() {
                    @Override
                    public int largestBatch() {
                        return 1;
                    }

                    @Override
                    public List<String> predictAll(List<String> requests, Batch batch) throws Exception {
                        module.batches.add(requests);
                        return super.predictAll(requests, batch);
                    }
                },
                1,
                8,
                Duration.ZERO);
        for (int i = 0; i < 20; i++) {
            ask("a" + i);
        }
        all.getLast().said();
        assertThat(module.sizes()).hasSize(20).containsOnly(1);
        assertThat(all.getLast().timings.batchSize()).isZero();
    }

    @Test
    void calls_of_different_tenants_never_meet_and_each_keeps_its_order() throws Exception {
        block();
        for (int i = 0; i < 9; i++) {
            ask("tenant" + i % 3 + " " + i, "tenant" + i % 3, CallMode.LIVE, LONG);
        }
        module.go.countDown();
        all.getLast().said();
        assertThat(module.batches)
                .containsExactly(
                        List.of("wait"),
                        List.of("tenant0 0", "tenant0 3", "tenant0 6"),
                        List.of("tenant1 1", "tenant1 4", "tenant1 7"),
                        List.of("tenant2 2", "tenant2 5", "tenant2 8"));
    }

    @Test
    void copies_of_calls_are_not_answered_with_calls() throws Exception {
        block();
        ask("live");
        ask("copy", null, CallMode.SHADOW, LONG);
        ask("live too");
        module.go.countDown();
        all.getLast().said();
        all.get(2).said();
        assertThat(module.batches).containsExactly(List.of("wait"), List.of("live", "live too"), List.of("copy"));
    }

    @Test
    void who_left_or_ran_out_of_time_is_not_asked_about() throws Exception {
        block();
        Asked late = ask("late", null, CallMode.LIVE, Duration.ofMillis(20));
        Asked left = ask("left");
        Asked stays = ask("stays");
        left.cancel.cancel();
        assertThat(left.said()).isEqualTo("cancelled");
        assertThat(late.said()).isEqualTo("deadline-exceeded");
        module.go.countDown();
        assertThat(stays.said()).isEqualTo("re stays");
        assertThat(module.batches).containsExactly(List.of("wait"), List.of("stays"));
    }

    @Test
    void a_request_that_is_refused_leaves_the_others_alone() throws Exception {
        block();
        List<Asked> asked = List.of(ask("a"), ask("bad"), ask("b"));
        module.go.countDown();
        assertThat(asked.get(1).said()).isEqualTo("invalid-request");
        assertThat(asked.get(2).said()).isEqualTo("re b");
        assertThat(module.batches).containsExactly(List.of("wait"), List.of("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void poisoned_requests_fail_alone_wherever_they_are(long seed) throws Exception {
        Random random = new Random(seed);
        int size = 2 + random.nextInt(31);
        Set<Integer> poisoned = new HashSet<>();
        for (int i = 0; i < 1 + random.nextInt(size); i++) {
            poisoned.add(random.nextInt(size));
        }
        block();
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            asked.add(ask((poisoned.contains(i) ? "poison" : "a") + i));
        }
        module.go.countDown();
        for (int i = 0; i < size; i++) {
            assertThat(asked.get(i).said()).isEqualTo(poisoned.contains(i) ? "module-failed" : "re a" + i);
        }
        // a binary tree over the calls has no more than this many nodes
        assertThat(module.batches).hasSizeLessThanOrEqualTo(2 * size);
    }

    @Test
    void a_module_that_gives_too_few_answers_gives_none_to_the_wrong_caller() throws Exception {
        serve(
                new Echo() {
                    @Override
                    public List<String> predictAll(List<String> requests, Batch batch) throws Exception {
                        module.batches.add(requests);
                        if (requests.contains("wait")) {
                            module.go.await();
                        }
                        return requests.stream()
                                .filter(request -> !request.equals("drop"))
                                .toList();
                    }
                },
                1,
                0,
                Duration.ZERO);
        block();
        List<Asked> asked = List.of(ask("a"), ask("drop"), ask("b"), ask("c"));
        module.go.countDown();
        assertThat(asked.get(0).said()).isEqualTo("a");
        assertThat(asked.get(1).said()).isEqualTo("module-failed");
        assertThat(asked.get(2).said()).isEqualTo("b");
        assertThat(asked.get(3).said()).isEqualTo("c");
    }

    @Test
    void the_module_is_interrupted_when_the_last_caller_left_and_not_before() throws Exception {
        serve(module, 1, 0, Duration.ofMillis(300));
        List<Asked> asked = List.of(ask("wait"), ask("a"), ask("b"));
        Batch batch = await().until(module.last::get, last -> last != null && last.size() == 3);
        asked.get(0).cancel.cancel();
        asked.get(1).cancel.cancel();
        assertThat(asked.get(1).said()).isEqualTo("cancelled");
        assertThat(batch.isCancelled()).isFalse();
        assertThat(batch.calls().get(1).isCancelled()).isTrue();
        assertThat(asked).allMatch(each -> each.ends.get() == 0); // the module has them still
        asked.get(2).cancel.cancel();
        await().untilAsserted(() -> assertThat(asked).allMatch(each -> each.ends.get() == 1));
        assertThat(ask("next").said()).isEqualTo("re next"); // no interrupt was left behind
    }

    @Test
    void a_slow_batch_does_not_hold_those_who_come_while_another_thread_is_free() throws Exception {
        serve(module, 2, 0, Duration.ZERO);
        block();
        assertThat(ask("a").said()).isEqualTo("re a");
        assertThat(module.go.getCount()).isOne();
    }

    @Test
    void calls_wait_for_each_other_if_they_are_told_to_and_no_longer_than_the_batch_is_full() throws Exception {
        serve(module, 1, 4, Duration.ofSeconds(20));
        for (int i = 0; i < 4; i++) {
            ask("a" + i);
        }
        all.getLast().said(); // times out before the twenty seconds are over
        assertThat(module.batches).containsExactly(List.of("a0", "a1", "a2", "a3"));
    }

    @Test
    void a_call_that_waited_long_enough_for_others_goes_without() throws Exception {
        serve(module, 1, 4, Duration.ofMillis(20));
        assertThat(ask("alone").said()).isEqualTo("re alone");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void nothing_is_lost_among_many_callers_of_all_kinds(int concurrency) throws Exception {
        serve(module, concurrency, 8, Duration.ZERO);
        List<Asked> asked = new CopyOnWriteArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int c = 0; c < 6; c++) {
            int caller = c;
            List<Asked> own = new ArrayList<>();
            callers.add(Thread.ofPlatform().start(() -> {
                Random random = new Random(caller);
                for (int i = 0; i < 500; i++) {
                    int kind = random.nextInt(20);
                    synchronized (module) {
                        own.add(ask(
                                kind == 0 ? "poison" : kind == 1 ? "bad" : "a",
                                "t" + random.nextInt(3),
                                CallMode.LIVE,
                                LONG));
                    }
                    if (kind == 2) {
                        own.getLast().cancel.cancel();
                    }
                    if (random.nextInt(4) == 0) {
                        own.removeLast().outcome.join();
                    }
                }
                asked.addAll(own);
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        for (Asked each : asked) {
            assertThat(each.said()).isIn("re a", "module-failed", "invalid-request", "cancelled");
        }
        assertThat(module.sizes()).anyMatch(size -> size > 1).allMatch(size -> size <= 8);
        assertThat(executor.waiting()).isZero();
    }
}

package dev.patchbay.concurrency;

import dev.patchbay.api.Batch;
import dev.patchbay.api.BatchModule;
import dev.patchbay.api.CallMode;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.Lane;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.execution.CancelSignal;
import dev.patchbay.core.execution.Deadlines;
import dev.patchbay.core.execution.Dialect;
import dev.patchbay.core.execution.ExecutionLimits;
import dev.patchbay.core.execution.ModuleExecutor;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.schema.JsonSchema;
import dev.patchbay.core.schema.ValueCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.JsonNodeFactory;

/// A lane that takes batches, without threads of its own: whoever would start one does its work.
final class BatchedCalls {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Deadlines DEADLINES = new Deadlines();
    private static final TraceContext TRACE = TraceContext.from(null, null);
    private static final JsonSchema ANY = JsonSchema.compile(JsonNodeFactory.instance.objectNode());
    private static final Callee CALLEE = new Callee(
            "t",
            "1.0.0",
            "t@1.0.0#1",
            served(),
            new ValueCodec(ANY, ANY, null),
            tenant -> Optional.empty(),
            BatchedCalls.class.getClassLoader(),
            Lane.COMPUTE);

    /// What became of a call.
    static final class Asked {
        final AtomicInteger answers = new AtomicInteger();
        final AtomicInteger served = new AtomicInteger();
        final AtomicInteger ends = new AtomicInteger();
    }

    private final ModuleExecutor executor = new ModuleExecutor(
            CALLEE,
            new ExecutionLimits(1, 10, LONG, 100, LONG, 8, Duration.ZERO),
            DEADLINES,
            (task, request, context) -> {
                throw new IllegalStateException("nobody is asked");
            },
            stuck -> {},
            new OnTheSpot());

    void ask(Asked asked, CancelSignal cancel) {
        long now = System.nanoTime();
        executor.submit(
                new CallContext("r", null, CallMode.LIVE, now, now + LONG.toNanos(), TRACE, List.of(), cancel),
                new Itself(asked),
                null,
                new CallTimings(now),
                outcome -> asked.answers.incrementAndGet(),
                asked.ends::incrementAndGet);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static InferenceModule<Object, Object> served() {
        return (InferenceModule) new Counting();
    }

    private static final class Counting implements BatchModule<Asked, Asked> {

        @Override
        public List<Asked> predictAll(List<Asked> requests, Batch batch) {
            requests.forEach(asked -> asked.served.incrementAndGet());
            return requests;
        }
    }

    private record Itself(Asked asked) implements Dialect {

        @Override
        public Object decode(Callee callee) {
            return asked;
        }

        @Override
        public byte[] encode(Callee callee, Object answer) {
            return new byte[0];
        }

        @Override
        public byte[] encodePart(Callee callee, Object part) {
            return new byte[0];
        }
    }

    private static final class OnTheSpot extends AbstractExecutorService {

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}

package dev.patchbay.core.execution;

import dev.patchbay.api.BatchModule;
import dev.patchbay.api.CallMode;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.StreamingModule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call inside one module instance, on its lane.
///
/// Two things end, each once: the *answer*, which is given by the module, the deadline or the caller's leaving,
/// whichever is first; and the *work*, which ends only when the module really returned. The lease and the place
/// on the lane are held until the work ends, so that nothing is torn down under a module that does not listen.
final class Execution {

    private static final Logger log = LoggerFactory.getLogger(Execution.class);
    private static final long STUCK_AFTER = Duration.ofSeconds(5).toNanos();

    private final ModuleExecutor executor;
    private final CallContext context;
    private final Dialect dialect;
    private final @Nullable PartSink sink;
    private final CallTimings timings;
    private final Consumer<Outcome> answer;
    private final Runnable workEnded;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final ModuleCall seen;
    /// Who has the call inside the module, while that may be interrupted. Guarded by this object's monitor.
    private @Nullable Holder inside;
    /// The request and what it may be answered with, once they were read for a batch.
    private @Nullable Object input;
    private @Nullable BatchKey batchKey;
    private volatile boolean running;
    private volatile boolean over;
    /// Guarded by this object's monitor.
    private boolean stuck;

    /// Whoever runs the call, alone or with others.
    interface Holder {

        /// Nobody waits for this call any more.
        void abandoned();

        /// Tells whether this is the first call to be told stuck: a thread is lost once.
        boolean firstToBeStuck();

        /// Names the place in the module where it is now.
        String where(Callee callee);
    }

    /// Calls with equal keys may be in one batch. Copies of calls never delay callers.
    private record BatchKey(CallMode mode, Object ofModule) {}

    Execution(
            ModuleExecutor executor,
            CallContext context,
            Dialect dialect,
            @Nullable PartSink sink,
            CallTimings timings,
            Consumer<Outcome> answer,
            Runnable workEnded) {
        this.executor = executor;
        this.context = context;
        this.dialect = dialect;
        this.sink = sink;
        this.timings = timings;
        this.answer = answer;
        this.workEnded = workEnded;
        this.seen = new ModuleCall(executor.callee(), context, executor.tasks(), answered::get);
    }

    long deadline() {
        return context.deadline();
    }

    long arrived() {
        return context.arrived();
    }

    /// Tells whether the call waits for another instance of the task than this one.
    boolean waitsBeside(ModuleExecutor other) {
        return !running
                && executor != other
                && executor.callee().lane() == other.callee().lane()
                && executor.callee().task().equals(other.callee().task());
    }

    boolean isOver() {
        return over;
    }

    boolean isAnswered() {
        return answered.get();
    }

    /// Runs the call by itself on a thread of the lane.
    ///
    /// @return whether it was still waited for, so that it ran
    boolean run() {
        boolean entered = enter(new Alone(Thread.currentThread()));
        try {
            if (entered) {
                Outcome outcome;
                try {
                    outcome = ScopedValue.where(CurrentCall.TIMINGS, timings).call(this::callModule);
                } finally {
                    leave();
                }
                give(outcome);
            }
            return entered;
        } finally {
            end();
        }
    }

    /// Runs the call on the thread that brought it.
    void runInline() {
        try {
            running = true;
            timings.started();
            give(ScopedValue.where(CurrentCall.TIMINGS, timings).call(this::callModule));
        } finally {
            end();
        }
    }

    private record Alone(Thread thread) implements Holder {

        @Override
        public void abandoned() {
            thread.interrupt();
        }

        @Override
        public boolean firstToBeStuck() {
            return true;
        }

        @Override
        public String where(Callee callee) {
            return Breakage.where(thread.getStackTrace(), callee);
        }
    }

    /// Begins, unless the call is over already.
    synchronized boolean enter(Holder holder) {
        if (answered.get()) {
            return false;
        }
        running = true;
        inside = holder;
        if (input == null) {
            timings.started();
        } else {
            timings.waited();
        }
        return true;
    }

    /// Reads the request for a batch. A refused one is answered.
    ///
    /// @return whether the call goes on
    boolean decode(BatchModule<Object, Object> module) {
        if (input != null) {
            return true;
        }
        try {
            Object read = dialect.decode(executor.callee());
            batchKey = new BatchKey(
                    context.mode(),
                    streams() ? this : Objects.requireNonNull(module.batchKey(read, seen), "batchKey gave null"));
            input = read;
            timings.decoded();
            return true;
        } catch (Throwable t) {
            give(failure(t));
            return false;
        }
    }

    Object input() {
        return Objects.requireNonNull(input);
    }

    Object batchKey() {
        return Objects.requireNonNull(batchKey);
    }

    ModuleCall seen() {
        return seen;
    }

    /// Leaves a batch that it does not fit in, to wait for another.
    ///
    /// @return whether it still waits for an answer
    synchronized boolean stepBack() {
        inside = null;
        running = answered.get();
        return !running;
    }

    /// Answers the call by itself.
    void answerAlone(CallTimings together) {
        try {
            Object output = ScopedValue.where(CurrentCall.TIMINGS, together).call(() -> predict(input()));
            together.predicted();
            answered(output, together, 1, true);
        } catch (Throwable t) {
            give(failure(t));
        }
    }

    /// Writes and gives what the module answered in a batch.
    void answered(Object output, CallTimings together, int size, boolean first) {
        timings.batched(together, size, first);
        if (size > 1) {
            executor.isStanding(context.requestId());
        }
        Outcome outcome;
        try {
            outcome = written(output);
        } catch (Throwable t) {
            outcome = failure(t);
        }
        give(outcome);
    }

    /// Ends the call for a reason that is not its own.
    void fail(Throwable reason) {
        give(failure(reason));
    }

    /// After this no interrupt can reach the thread any more; one that came late must not reach its next call.
    private synchronized void leave() {
        inside = null;
        Thread.interrupted();
    }

    private Outcome callModule() {
        Callee callee = executor.callee();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(callee.loader());
        try {
            Object request = dialect.decode(callee);
            timings.decoded();
            Object output = predict(request);
            timings.predicted();
            return written(output);
        } catch (Throwable t) {
            return failure(t);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private boolean streams() {
        return sink != null && executor.callee().module() instanceof StreamingModule<?, ?, ?>;
    }

    @SuppressWarnings("unchecked")
    private Object predict(Object request) throws Exception {
        var module = executor.callee().module();
        boolean told = !executor.isStanding(context.requestId());
        Object output = streams()
                ? ((StreamingModule<Object, Object, Object>) (StreamingModule<?, ?, ?>) module)
                        .stream(request, seen, this::emit)
                : module.predict(request, seen);
        if (!told) {
            executor.isStanding(context.requestId());
        }
        return output;
    }

    private Outcome.Answer written(Object output) {
        byte[] json = dialect.encode(executor.callee(), output);
        timings.encoded();
        return new Outcome.Answer(json);
    }

    private Outcome.Failure failure(Throwable t) {
        return new Outcome.Failure(t instanceof InferenceException e ? withoutCause(e) : failed(t));
    }

    private void emit(Object part) {
        PartSink parts = sink;
        if (parts == null || answered.get()) {
            throw new InferenceException(ErrorCode.CANCELLED, "Nobody waits for more parts of this answer");
        }
        try {
            parts.part(dialect.encodePart(executor.callee(), part));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InferenceException(
                    ErrorCode.CANCELLED, "The call ended while a part was being sent", List.of(), null, e);
        }
    }

    /// Lets nobody answer the call any more, because it is not taken.
    ///
    /// @return whether nobody had
    boolean refuse() {
        return answered.compareAndSet(false, true);
    }

    /// The caller went away.
    void cancel() {
        abandon(new InferenceException(ErrorCode.CANCELLED, "The caller went away before the answer was there"));
    }

    /// Looks after the call now and then: whether it may start, is late, or goes on long after its end.
    void check(long now) {
        if (now - context.deadline() < 0) {
            if (!running) {
                executor.look(now);
            }
            return;
        }
        expire(now);
        if (now - context.deadline() > STUCK_AFTER) {
            reportStuck();
        }
    }

    /// Ends the call if its time is up.
    void expire(long now) {
        if (now - context.deadline() >= 0) {
            abandon(new InferenceException(ErrorCode.DEADLINE_EXCEEDED, deadlineMessage()));
        }
    }

    private synchronized void reportStuck() {
        if (running && !over && !stuck && inside != null && inside.firstToBeStuck()) {
            stuck = true;
            executor.stuck(inside.where(executor.callee()));
        }
    }

    private String deadlineMessage() {
        long allowed = Duration.ofNanos(context.deadline() - context.arrived()).toMillis();
        return "%s %s did not answer within %d ms; the call was %s. Allow more time with Inference-Timeout or inference.%s.limits.timeout"
                .formatted(
                        executor.callee().task(),
                        executor.callee().version(),
                        allowed,
                        running ? "running" : "waiting for a free place",
                        executor.callee().task());
    }

    private void abandon(InferenceException reason) {
        boolean waiting = !running;
        if (!give(new Outcome.Failure(reason))) {
            return;
        }
        if (waiting && executor.leave(this)) {
            end();
            return;
        }
        synchronized (this) {
            if (inside != null) {
                inside.abandoned();
            }
        }
    }

    private boolean give(Outcome outcome) {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        if (context.mode() != CallMode.SHADOW) {
            executor.judge(outcome, running);
        }
        answer.accept(outcome);
        return true;
    }

    /// The module is really done with the call. Ending again changes nothing.
    void end() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            if (stuck) {
                executor.unstuck();
            }
        }
        executor.forget(this);
        workEnded.run();
    }

    private InferenceException failed(Throwable t) {
        Callee callee = executor.callee();
        executor.examine(t, context.requestId());
        if (answered.get()) {
            log.debug(
                    "{} ended with {} after its call was over",
                    callee.name(),
                    t.getClass().getName());
        } else {
            log.warn("{} failed on request {}", callee.name(), context.requestId(), t);
        }
        return new InferenceException(
                ErrorCode.MODULE_FAILED,
                "%s %s failed on this request. The cause is in the gateway's log under request id %s; tell the module's owner"
                        .formatted(callee.task(), callee.version(), context.requestId()),
                List.of(),
                null,
                new ModuleFailure(t));
    }

    /// A cause may be of a class of the module, and an exception made in the module remembers the classes it came
    /// through: neither may outlive the module.
    private InferenceException withoutCause(InferenceException e) {
        Throwable cause = e.getCause();
        if (cause != null) {
            log.info("{} refused request {}", executor.callee().name(), context.requestId(), cause);
        }
        return new InferenceException(
                e.code(), e.getMessage(), e.fields(), e.retryAfter().orElse(null), null);
    }
}

package dev.patchbay.core.execution;

import dev.patchbay.api.CallMode;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.StreamingModule;
import java.time.Duration;
import java.util.List;
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
final class Execution implements Runnable {

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
    /// The thread inside the module, while it may be interrupted. Guarded by this object's monitor.
    private @Nullable Thread inside;
    private volatile boolean running;
    private volatile boolean over;
    /// Guarded by this object's monitor.
    private boolean stuck;

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
    }

    long deadline() {
        return context.deadline();
    }

    boolean isOver() {
        return over;
    }

    /// Runs the call on a thread of the lane.
    @Override
    public void run() {
        long from = System.nanoTime();
        boolean entered = enter();
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
        } finally {
            end();
            executor.ended(entered ? System.nanoTime() - from : -1);
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

    private synchronized boolean enter() {
        if (answered.get()) {
            return false;
        }
        running = true;
        inside = Thread.currentThread();
        timings.started();
        return true;
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
            Object input = dialect.decode(callee);
            timings.decoded();
            Object output = predict(callee, input);
            timings.predicted();
            byte[] written = dialect.encode(callee, output);
            timings.encoded();
            return new Outcome.Answer(written);
        } catch (InferenceException e) {
            return new Outcome.Failure(withoutCause(e));
        } catch (Throwable t) {
            return new Outcome.Failure(failed(t));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @SuppressWarnings("unchecked")
    private Object predict(Callee callee, Object input) throws Exception {
        ModuleCall call = new ModuleCall(callee, context, executor.tasks(), answered::get);
        if (sink != null && callee.module() instanceof StreamingModule<?, ?, ?> module) {
            return ((StreamingModule<Object, Object, Object>) module).stream(input, call, this::emit);
        }
        return callee.module().predict(input, call);
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

    /// The caller went away.
    void cancel() {
        abandon(new InferenceException(ErrorCode.CANCELLED, "The caller went away before the answer was there"));
    }

    /// Ends the call if its time is up, and reports it if it goes on long after.
    void check(long now) {
        if (now - context.deadline() < 0) {
            return;
        }
        abandon(new InferenceException(ErrorCode.DEADLINE_EXCEEDED, deadlineMessage()));
        if (now - context.deadline() > STUCK_AFTER) {
            reportStuck();
        }
    }

    private synchronized void reportStuck() {
        if (running && !over && !stuck) {
            stuck = true;
            executor.stuck();
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
                inside.interrupt();
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

    private void end() {
        synchronized (this) {
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

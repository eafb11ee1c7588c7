package dev.patchbay.core.execution;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs the calls of one module instance on threads of its own: admits or refuses, waits, runs, times out,
/// rests after failures. What happens here never costs another version more than processor time.
public final class ModuleExecutor implements AutoCloseable {

    private static final int STUCK_LIMIT = 8;

    private final Callee callee;
    private final ExecutionLimits limits;
    private final Deadlines deadlines;
    private final TaskCaller tasks;
    private final ExecutionListener listener;
    private final ExecutorService threads;
    private final @Nullable LaneThreads counted;
    private final Line line;
    private final Circuit circuit;
    private final AtomicInteger stuck = new AtomicInteger();
    private volatile boolean tornDown;

    /// Prepares the lane; threads start with the first calls.
    ///
    /// @param tasks the way to other tasks
    /// @param listener told what goes wrong beyond single calls
    public ModuleExecutor(
            Callee callee, ExecutionLimits limits, Deadlines deadlines, TaskCaller tasks, ExecutionListener listener) {
        this(callee, limits, deadlines, tasks, listener, Threads.of(callee, limits.concurrencyOn(callee.lane())));
    }

    /// Prepares a lane with threads of the caller's choice.
    public ModuleExecutor(
            Callee callee,
            ExecutionLimits limits,
            Deadlines deadlines,
            TaskCaller tasks,
            ExecutionListener listener,
            ExecutorService threads) {
        this(callee, limits, deadlines, tasks, listener, new Threads(threads, null));
    }

    private ModuleExecutor(
            Callee callee,
            ExecutionLimits limits,
            Deadlines deadlines,
            TaskCaller tasks,
            ExecutionListener listener,
            Threads lane) {
        this.counted = lane.counted();
        this.threads = lane.service();
        this.callee = callee;
        this.limits = limits;
        this.deadlines = deadlines;
        this.tasks = tasks;
        this.listener = listener;
        this.line = limits.batchOf(callee.module()) > 1
                ? new BatchLine(callee, limits, threads)
                : new WaitingLine(limits.concurrencyOn(callee.lane()), limits.queue(), threads, this::isBehindOthers);
        this.circuit = new Circuit(limits.circuitFailures(), limits.circuitRest());
    }

    /// @param counted null if nobody knows what the threads spend, as of virtual ones
    private record Threads(
            ExecutorService service, @Nullable LaneThreads counted) {

        static Threads of(Callee callee, int concurrency) {
            if (callee.lane() == Lane.IO) {
                return new Threads(
                        Executors.newThreadPerTaskExecutor(ofTheHost(Thread.ofVirtual()
                                .name(callee.name() + "-io-", 0)
                                .factory())),
                        null);
            }
            LaneThreads counted = new LaneThreads(Thread.ofPlatform()
                    .daemon()
                    .inheritInheritableThreadLocals(false)
                    .name(callee.name() + "-compute-", 0)
                    .factory());
            var pool = new ThreadPoolExecutor(
                    concurrency, concurrency, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), ofTheHost(counted));
            pool.allowCoreThreadTimeOut(true);
            return new Threads(pool, callee.lane() == Lane.COMPUTE ? counted : null);
        }
    }

    /// Gives what the lane's threads spent; empty if that is not known, as on the io lane and of calls that run on
    /// the thread that brings them.
    public Optional<LaneUse> use() {
        return Optional.ofNullable(counted).map(LaneThreads::use);
    }

    /// A thread inherits the context class loader of whoever starts it, which may be another module that asks this
    /// one. A lane's threads have the host's, and the module's only during calls.
    private static ThreadFactory ofTheHost(ThreadFactory factory) {
        return task -> {
            Thread thread = factory.newThread(task);
            thread.setContextClassLoader(ModuleExecutor.class.getClassLoader());
            return thread;
        };
    }

    /// Runs a call, or refuses it at once.
    ///
    /// @param dialect reads the question and writes the answer, on the lane
    /// @param sink takes parts, if the caller wants a stream
    /// @param answer told the outcome, once, on any thread; must not block
    /// @param workEnded told once when the module is really done with the call
    /// @throws InferenceException `overloaded` or `circuit-open`; `answer` and `workEnded` are not told then
    public void submit(
            CallContext context,
            Dialect dialect,
            @Nullable PartSink sink,
            CallTimings timings,
            Consumer<Outcome> answer,
            Runnable workEnded) {
        long now = System.nanoTime();
        long rest = circuit.refusedFor(now);
        if (rest > 0) {
            throw circuitOpen(rest);
        }
        Execution execution =
                new Execution(this, context.within(limits.timeout()), dialect, sink, timings, answer, workEnded);
        if (callee.lane() == Lane.INLINE) {
            execution.runInline();
            return;
        }
        // before it may end: a call that is tried again has a new execution, which is to listen then
        context.cancel().onCancel(execution::cancel);
        Line.Admission admission = line.admit(execution, now);
        if (admission != Line.Admission.TAKEN) {
            if (execution.refuse()) {
                throw overloaded(admission);
            }
            execution.end();
            return;
        }
        deadlines.watch(execution);
        if (execution.isOver()) {
            deadlines.forget(execution);
        }
    }

    /// Counts the calls that wait for a place.
    public int waiting() {
        return line.waiting();
    }

    /// Gives what the version may use.
    public ExecutionLimits limits() {
        return limits;
    }

    /// Tells what is called here.
    public Callee callee() {
        return callee;
    }

    /// Tells whether the version rests after failures.
    public boolean isCircuitOpen() {
        return circuit.isOpen();
    }

    /// Counts the calls that went on long after their end.
    public int stuckCalls() {
        return stuck.get();
    }

    TaskCaller tasks() {
        return tasks;
    }

    /// Waiting for something else than a processor, as on the io lane, takes nothing from anybody.
    private boolean isBehindOthers() {
        return callee.lane() == Lane.COMPUTE && deadlines.anyIs(call -> call.waitsBeside(this));
    }

    void look(long now) {
        line.look(now);
    }

    boolean leave(Execution execution) {
        return line.leave(execution);
    }

    void forget(Execution execution) {
        deadlines.forget(execution);
    }

    /// A call goes on long after its end.
    ///
    /// @param where the place in the module
    void stuck(String where) {
        int limit = Math.min(line.concurrency(), STUCK_LIMIT);
        int now = stuck.incrementAndGet();
        if (now == limit) {
            listener.stuck("%d calls go on long after their deadline and cannot be ended; their threads are lost"
                    .formatted(limit));
        } else if (now == 1) {
            listener.lingers(where, limit);
        }
    }

    void unstuck() {
        stuck.decrementAndGet();
    }

    /// Looks at what a call threw, for what concerns more than the call.
    void examine(Throwable thrown, String requestId) {
        if (!(thrown instanceof Error)) {
            return;
        }
        try {
            Breakage.of(thrown, callee, requestId).ifPresent(breakage -> {
                listener.broke(breakage);
                if (breakage.kind().isShared() && circuit.outOfMemory(System.nanoTime())) {
                    listener.circuitOpened(
                            "%s and rests for %s".formatted(restsBecause(), seconds(limits.circuitRest())));
                }
            });
        } catch (OutOfMemoryError e) {
            // there is no room for an event; the caller still gets an answer, and the next call tells
        }
    }

    /// Says that the module is torn down from now on, so that every call that meets this is told of.
    public void teardownBegins() {
        tornDown = true;
    }

    /// Checks at the beginning and at the end of a call that teardown has not begun. Reads one field.
    ///
    /// @return whether all is well
    boolean isStanding(String requestId) {
        if (!tornDown) {
            return true;
        }
        listener.calledAfterTeardown(requestId);
        return false;
    }

    /// Only what the module did itself counts for its circuit: a refused request says nothing about the module.
    void judge(Outcome outcome, boolean ran) {
        switch (outcome) {
            case Outcome.Answer _ -> {
                if (circuit.succeeded()) {
                    listener.circuitClosed();
                }
            }
            case Outcome.Failure(InferenceException error) -> {
                boolean fault = switch (error.code()) {
                    case MODULE_FAILED, INVALID_RESPONSE, REMOTE_FAILED, WORKER_LOST -> true;
                    case DEADLINE_EXCEEDED -> ran;
                    default -> false;
                };
                if (fault && circuit.failed(System.nanoTime())) {
                    listener.circuitOpened(
                            "%s and rests for %s".formatted(restsBecause(), seconds(limits.circuitRest())));
                }
            }
        }
    }

    private String restsBecause() {
        return circuit.isShortOfMemory()
                ? "ran out of memory %d times within a minute".formatted(Circuit.OUT_OF_MEMORY)
                : "failed %d times in a row".formatted(limits.circuitFailures());
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private InferenceException overloaded(Line.Admission admission) {
        Duration wait = Duration.ofNanos(line.waitNanos());
        String why = admission == Line.Admission.LINE_FULL
                ? "%d calls run and %d wait, which is all it may hold".formatted(line.concurrency(), limits.queue())
                : "its turn would come in about %d ms, after its deadline".formatted(wait.toMillis());
        return new InferenceException(
                ErrorCode.OVERLOADED,
                "%s %s cannot take this call: %s. Try again later, or raise inference.%s.limits"
                        .formatted(callee.task(), callee.version(), why, callee.task()),
                List.of(),
                wait.plusMillis(1),
                null);
    }

    private InferenceException circuitOpen(long restNanos) {
        Duration rest = Duration.ofNanos(restNanos);
        return new InferenceException(
                ErrorCode.CIRCUIT_OPEN,
                "%s %s %s and rests for another %d ms; its failures are in the gateway's log"
                        .formatted(callee.task(), callee.version(), restsBecause(), rest.toMillis()),
                List.of(),
                rest,
                null);
    }

    /// Ends the threads; called when no call is inside.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}

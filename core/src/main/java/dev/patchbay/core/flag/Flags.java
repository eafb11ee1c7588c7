package dev.patchbay.core.flag;

import dev.patchbay.api.runtime.FlagSource;
import dev.patchbay.core.routing.FlagAnswer;
import dev.patchbay.core.routing.FlagAnswer.Result;
import dev.patchbay.core.routing.FlagQuestion;
import dev.patchbay.core.telemetry.EventLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks flags on threads of their own, and no longer than a call may wait. A provider that fails, hangs or is slow
/// costs a call its timeout at most; one that is late again and again is left alone for a while. Never throws, never
/// blocks the thread that asks. Safe for threads.
public final class Flags implements AutoCloseable {

    /// Questions that may wait for the provider at a time. One that ignores its interrupt keeps its place.
    static final int PLACES = 256;

    /// Late answers in a row after which the provider is left alone.
    static final int LATE = 20;

    /// How long.
    static final Duration REST = Duration.ofSeconds(1);

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private static final Logger log = LoggerFactory.getLogger(Flags.class);

    private final @Nullable FlagSource source;
    private final Duration timeout;
    private final MeterRegistry meters;
    private final EventLog events;
    private final Semaphore places = new Semaphore(PLACES);
    private final AtomicInteger lateInARow = new AtomicInteger();
    private final AtomicLong restsUntil = new AtomicLong(System.nanoTime());
    private final AtomicLong told = new AtomicLong(System.nanoTime() - MINUTE);
    private final AtomicLong failures = new AtomicLong();
    private final ScheduledThreadPoolExecutor clock;
    private volatile @Nullable String broken;

    /// Makes what asks a source.
    ///
    /// @param source null if none is installed: then no flag decides anything
    /// @param timeout how long a call waits
    /// @param events told of failures, once a minute
    public Flags(@Nullable FlagSource source, Duration timeout, MeterRegistry meters, EventLog events) {
        this.source = source;
        this.broken = source == null ? "no flag source is installed in this process" : null;
        this.timeout = timeout;
        this.meters = meters;
        this.events = events;
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("patchbay-flag-clock").factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    /// Lets the source begin. If it cannot, the gateway goes on, and every question ends with the reason.
    ///
    /// @param provider null for the one that the process has set up itself
    public void start(@Nullable String provider) {
        if (source == null) {
            return;
        }
        try {
            source.start(provider);
        } catch (RuntimeException | LinkageError e) {
            broken = "flags.provider %s".formatted(e instanceof IllegalArgumentException ? e.getMessage() : e);
            log.error("{}; flags decide nothing until the gateway is started again without this fault", broken, e);
        }
    }

    /// Asks a flag.
    ///
    /// @return completed on a thread of its own, never with an exception
    public CompletableFuture<FlagAnswer> ask(FlagQuestion question) {
        FlagSource asked = source;
        String why = broken;
        if (asked == null || why != null) {
            return CompletableFuture.completedFuture(noted(question, new FlagAnswer(Result.ERROR, null, why)));
        }
        if (System.nanoTime() - restsUntil.get() < 0) {
            return CompletableFuture.completedFuture(noted(
                    question,
                    new FlagAnswer(
                            Result.RESTING,
                            null,
                            "the provider was late %d times in a row and is left alone for %d s"
                                    .formatted(LATE, REST.toSeconds()))));
        }
        if (!places.tryAcquire()) {
            return CompletableFuture.completedFuture(noted(
                    question,
                    new FlagAnswer(Result.BUSY, null, "%d questions wait for the provider".formatted(PLACES))));
        }
        CompletableFuture<FlagAnswer> answered = new CompletableFuture<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread worker = Thread.ofVirtual().name("patchbay-flag").unstarted(() -> {
            FlagAnswer answer;
            try {
                answer = evaluate(asked, question);
            } finally {
                places.release();
            }
            if (over.compareAndSet(false, true)) {
                lateInARow.set(0);
                answered.complete(noted(question, answer));
            }
        });
        // the caller goes on in a thread that may be blocked, which the clock's may not
        Future<?> limit = clock.schedule(
                () -> Thread.ofVirtual().name("patchbay-flag-late").start(() -> late(question, over, answered, worker)),
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
        worker.start();
        return answered.whenComplete((_, _) -> limit.cancel(false));
    }

    private static FlagAnswer evaluate(FlagSource source, FlagQuestion question) {
        Thread thread = Thread.currentThread();
        thread.setContextClassLoader(source.getClass().getClassLoader());
        try {
            FlagSource.Flag flag = source.evaluate(question.key(), question.unit(), question.attributes());
            if (flag.error() != null) {
                return new FlagAnswer(Result.ERROR, null, flag.error());
            }
            return flag.value().isBlank()
                    ? new FlagAnswer(Result.NO_VALUE, null, flag.why())
                    : new FlagAnswer(Result.VALUE, flag.value(), flag.why());
        } catch (RuntimeException | Error broken) {
            return new FlagAnswer(Result.ERROR, null, broken.toString());
        }
    }

    private void late(
            FlagQuestion question, AtomicBoolean over, CompletableFuture<FlagAnswer> answered, Thread worker) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        worker.interrupt();
        if (lateInARow.incrementAndGet() >= LATE) {
            lateInARow.set(0);
            restsUntil.set(System.nanoTime() + REST.toNanos());
        }
        answered.complete(noted(
                question,
                new FlagAnswer(
                        Result.TIMEOUT,
                        null,
                        "the provider did not answer within %d ms".formatted(timeout.toMillis()))));
    }

    private FlagAnswer noted(FlagQuestion question, FlagAnswer answer) {
        Counter.builder("patchbay.flag.evaluations")
                .description("Questions to flags that decide versions, by how they ended")
                .tags("task", question.task(), "result", answer.result().label())
                .register(meters)
                .increment();
        if (answer.result() != Result.VALUE && answer.result() != Result.NO_VALUE) {
            tell(question, "decided nothing (%s): %s".formatted(answer.result().label(), answer.detail()));
        }
        return answer;
    }

    /// Tells that a flag names a version that calls cannot go to: they get the default, and whoever set the flag
    /// wonders.
    public void passedBy(FlagQuestion question, String version) {
        tell(question, "names %s, which is no version or alias of the task that is ready".formatted(version));
    }

    private void tell(FlagQuestion question, String what) {
        long failed = failures.incrementAndGet();
        long now = System.nanoTime();
        long last = told.get();
        if (now - last < MINUTE || !told.compareAndSet(last, now)) {
            return;
        }
        failures.addAndGet(-failed);
        events.add(
                EventLog.Level.WARN,
                "flag-failed",
                question.task(),
                null,
                "flag %s %s%s. The default version answers meanwhile"
                        .formatted(
                                question.key(),
                                what,
                                failed == 1
                                        ? ""
                                        : ", and %d more failed since the last such event".formatted(failed - 1)));
    }

    @Override
    public void close() {
        clock.shutdownNow();
        if (source != null) {
            source.close();
        }
    }
}

package dev.patchbay.llm.model;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One try at up to two targets, a [hedged request](https://research.google/pubs/the-tail-at-scale/): the second is
/// asked when the first has shown nothing within a delay. Whoever shows content first leads, and is the only one whose
/// pieces reach the reader; if nobody reads along, whoever has a whole answer first. The other is ended at its
/// provider,
/// and nobody waits for that. Each target is asked on a virtual thread of its own; the reader is told on the leader's,
/// while the thread that runs the race waits.
final class Race {

    private final Asking asking;
    private final @Nullable Consumer<Delta> reader;
    private final List<Runner> runners = new ArrayList<>();
    private final AtomicReference<@Nullable Runner> leader = new AtomicReference<>();
    /// Released when somebody takes the lead or ends.
    private final Semaphore news = new Semaphore(0);
    private volatile boolean over;

    /// Asks one target.
    interface Asking {

        /// @param deltas null if nobody reads along
        ChatAnswer ask(Target target, @Nullable Consumer<Delta> deltas) throws ProviderFailure, InterruptedException;
    }

    /// @param reader takes the leader's pieces; null if nobody reads along
    Race(Asking asking, @Nullable Consumer<Delta> reader) {
        this.asking = asking;
        this.reader = reader;
    }

    /// One of the two. What it came to is there when it [has ended][#hasEnded()].
    final class Runner implements Runnable {

        private final Target target;
        private final long began = System.nanoTime();
        private final Thread thread;
        private long led;
        private @Nullable ChatAnswer answer;
        private @Nullable ProviderFailure failure;
        private @Nullable Throwable broken;
        private volatile boolean ended;

        private Runner(Target target) {
            this.target = target;
            this.thread =
                    Thread.ofVirtual().name("patchbay-llm-" + target.name()).unstarted(this);
        }

        @Override
        public void run() {
            try {
                answer = asking.ask(target, reader == null ? null : this::took);
                leads();
            } catch (ProviderFailure e) {
                failure = e;
            } catch (Throwable e) {
                broken = e;
            } finally {
                ended = true;
                news.release();
            }
        }

        private void took(Delta delta) {
            if (delta.isContent() && !leads()) {
                throw new Overtaken();
            }
            if (leader.get() == this && !over) {
                Objects.requireNonNull(reader).accept(delta);
            }
        }

        private boolean leads() {
            if (leader.compareAndSet(null, this)) {
                led = System.nanoTime();
                news.release();
            }
            return leader.get() == this;
        }

        Target target() {
            return target;
        }

        boolean hasEnded() {
            return ended;
        }

        /// Gives its whole answer; null if it has none, or none yet.
        @Nullable
        ChatAnswer answer() {
            return ended ? answer : null;
        }

        /// Gives how its provider failed; null if it did not, or not yet.
        @Nullable
        ProviderFailure failure() {
            return ended ? failure : null;
        }

        /// Gives what ended it from this side; null if nothing did.
        @Nullable
        Throwable broken() {
            return ended ? broken : null;
        }

        /// Gives how long it took to the lead; without one, how long it has been waited for.
        long waitedNanos() {
            return (leader.get() == this ? led : System.nanoTime()) - began;
        }
    }

    /// Ends the call at the provider of the one who comes second.
    private static final class Overtaken extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Overtaken() {
            super("another target was sooner", null, false, false);
        }
    }

    /// Runs until the leader ended, or, if there is none, everybody.
    ///
    /// @param second picks the second target when the delay has passed; null if there is none
    /// @return the leader; the first if all failed
    /// @throws InterruptedException if the caller left; nothing reaches the reader any more
    Runner run(Target first, Duration delay, Supplier<@Nullable Target> second) throws InterruptedException {
        try {
            Runner one = start(first);
            if (!news.tryAcquire(delay.toNanos(), TimeUnit.NANOSECONDS)) {
                Target other = second.get();
                if (other != null) {
                    start(other);
                }
            }
            while (leader.get() == null && !runners.stream().allMatch(Runner::hasEnded)) {
                news.acquire();
            }
            Runner ahead = leader.get();
            if (ahead == null) {
                return one;
            }
            runners.stream().filter(runner -> runner != ahead).forEach(runner -> runner.thread.interrupt());
            while (!ahead.hasEnded()) {
                news.acquire();
            }
            return ahead;
        } catch (InterruptedException e) {
            over = true;
            runners.forEach(runner -> runner.thread.interrupt());
            Runner ahead = leader.get();
            if (ahead != null) {
                // it may be in the middle of a piece
                ahead.thread.join();
            }
            throw e;
        }
    }

    private Runner start(Target target) {
        Runner runner = new Runner(target);
        runners.add(runner);
        runner.thread.start();
        return runner;
    }

    /// Lists those who ran, in the order in which they began.
    List<Runner> runners() {
        return List.copyOf(runners);
    }

    /// Tells whether the reader was shown pieces of this one.
    boolean isAhead(Runner runner) {
        return leader.get() == runner;
    }
}

package dev.patchbay.core.cache;

import dev.patchbay.core.execution.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Equal calls of which one runs. Safe for threads.
final class Flight {

    /// What becomes of a call that waits.
    sealed interface Landing {

        /// The call that ran was answered; this is its answer too.
        ///
        /// @param json in the task's own JSON
        /// @param from where it came from
        record Shared(byte[] json, CacheResult from) implements Landing {}

        /// The call that ran was given up: it is this one's turn to run for all.
        record Lead() implements Landing {}

        /// The call that ran failed, or its answer is its own: each runs for itself.
        record Alone() implements Landing {}

        /// Nobody waits for this call any more.
        record Over(Outcome.Failure failure) implements Landing {}
    }

    /// Guarded by this object's monitor.
    private final Deque<CompletableFuture<Landing>> waiting = new ArrayDeque<>();

    private boolean landed;

    /// Lets a call wait.
    ///
    /// @param most how many may wait
    /// @return null if it cannot
    synchronized @Nullable CompletableFuture<Landing> join(int most) {
        waiting.removeIf(CompletableFuture::isDone);
        if (landed || waiting.size() >= most) {
            return null;
        }
        var seat = new CompletableFuture<Landing>();
        waiting.addLast(seat);
        return seat;
    }

    /// Gives the next call its turn to run for all.
    ///
    /// @return whether there was one; if not, nobody joins any more
    boolean handOver() {
        while (true) {
            CompletableFuture<Landing> next;
            synchronized (this) {
                next = waiting.pollFirst();
                if (next == null) {
                    landed = true;
                    return false;
                }
            }
            if (next.complete(new Landing.Lead())) {
                return true;
            }
        }
    }

    /// Tells all who wait what becomes of them. Nobody joins any more.
    void land(Landing landing) {
        List<CompletableFuture<Landing>> all;
        synchronized (this) {
            landed = true;
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(seat -> seat.complete(landing));
    }
}

package dev.patchbay.core.execution;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// How a version is tried before it serves: after each call it rests three times as long as the call took. Others
/// serve meanwhile; so it takes a quarter of a core from them and not a whole one.
public final class Paced {

    private static final int RESTS_PER_CALL = 3;

    private Paced() {}

    /// Makes a call and rests.
    public static <T> Timed<T> call(Callable<T> work) throws Exception {
        long from = System.nanoTime();
        T result = work.call();
        long took = System.nanoTime() - from;
        LockSupport.parkNanos(RESTS_PER_CALL * took);
        return new Timed<>(result, took);
    }

    /// What came out of a call, and how long it took without the rest.
    public record Timed<T>(T result, long nanos) {}
}

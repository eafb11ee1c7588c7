package dev.patchbay.core.deploy;

import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.execution.ModuleCall;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What a version's calls cost when it was warm and alone; later figures are compared with it.
///
/// @param calls how many calls were measured; 0 if it has no examples or could not be asked yet
/// @param p50Micros half of them took at most this long
/// @param p95Micros 95 of 100 took at most this long
public record Baseline(int calls, double p50Micros, double p95Micros) {

    static final Baseline NONE = new Baseline(0, 0, 0);
    private static final int CALLS = 200;
    private static final Duration AT_MOST = Duration.ofSeconds(2);
    /// Others serve while this version warms up: it takes a quarter of a core from them, not a whole one.
    private static final int RESTS_PER_CALL = 3;

    /// Asks a module that is warm its examples in turn.
    static Baseline measure(Callee callee, List<Object> examples, ModuleCall call) throws Exception {
        if (examples.isEmpty()) {
            return NONE;
        }
        long[] nanos = new long[CALLS];
        long end = System.nanoTime() + AT_MOST.toNanos();
        int calls = 0;
        while (calls < CALLS && System.nanoTime() < end) {
            long from = System.nanoTime();
            callee.module().predict(examples.get(calls % examples.size()), call);
            long took = System.nanoTime() - from;
            nanos[calls++] = took;
            LockSupport.parkNanos(RESTS_PER_CALL * took);
        }
        Arrays.sort(nanos, 0, calls);
        return new Baseline(calls, nanos[calls / 2] / 1000.0, nanos[calls * 95 / 100] / 1000.0);
    }

    /// Says it to people.
    String words() {
        return calls == 0
                ? "no baseline"
                : "p50 %.0f µs, p95 %.0f µs over %d calls".formatted(p50Micros, p95Micros, calls);
    }
}

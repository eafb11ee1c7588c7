package dev.patchbay.core.deploy;

import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.execution.ModuleCall;
import dev.patchbay.core.execution.Paced;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// What a version's calls cost when it was warm and alone; later figures are compared with it.
///
/// @param calls how many calls were measured; 0 if it has no examples or could not be asked yet
/// @param p50Micros half of them took at most this long
/// @param p95Micros 95 of 100 took at most this long
public record Baseline(int calls, double p50Micros, double p95Micros) {

    static final Baseline NONE = new Baseline(0, 0, 0);
    private static final int CALLS = 200;
    private static final Duration AT_MOST = Duration.ofSeconds(2);

    /// Asks a module that is warm its examples in turn.
    static Baseline measure(Callee callee, List<Object> examples, ModuleCall call) throws Exception {
        if (examples.isEmpty()) {
            return NONE;
        }
        long[] nanos = new long[CALLS];
        long end = System.nanoTime() + AT_MOST.toNanos();
        int calls = 0;
        while (calls < CALLS && System.nanoTime() < end) {
            Object example = examples.get(calls % examples.size());
            nanos[calls++] =
                    Paced.call(() -> callee.module().predict(example, call)).nanos();
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

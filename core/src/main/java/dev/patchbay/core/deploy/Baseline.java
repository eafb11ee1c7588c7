package dev.patchbay.core.deploy;

/// What a version's calls cost when it was warm and alone; later figures are compared with it.
///
/// @param calls how many calls were measured; 0 if it has no examples or could not be asked yet
/// @param p50Micros half of them took at most this long
/// @param p95Micros 95 of 100 took at most this long
public record Baseline(int calls, double p50Micros, double p95Micros) {

    static final Baseline NONE = new Baseline(0, 0, 0);

    /// Says it to people.
    String words() {
        return calls == 0
                ? "no baseline"
                : "p50 %.0f µs, p95 %.0f µs over %d calls".formatted(p50Micros, p95Micros, calls);
    }
}

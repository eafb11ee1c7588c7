package dev.patchbay.bench.load;

/// When the next call is due.
public sealed interface Pace {
    /// The start of a call counted from the start of the run, in nanoseconds.
    long due(long call, long now);

    /// Every connection sends as soon as it has its answer.
    record Closed() implements Pace {
        @Override
        public long due(long call, long now) {
            return now;
        }
    }

    /// Calls are due at a fixed rate whether or not answers come; a late one has waited since it was due.
    record Open(double perSecond) implements Pace {
        @Override
        public long due(long call, long now) {
            return (long) (call * 1e9 / perSecond);
        }
    }
}

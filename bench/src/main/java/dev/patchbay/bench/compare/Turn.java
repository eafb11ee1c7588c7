package dev.patchbay.bench.compare;

/// What one server did in one round; latencies in microseconds.
record Turn(double cpuMicrosPerCall, double perSecond, double p50, double p99, long failures, long rssMegabytes) {

    @Override
    public String toString() {
        return "%.1f µs CPU per call, %.0f per second, p50 %.0f µs, p99 %.0f µs, %d failures, %d MB"
                .formatted(cpuMicrosPerCall, perSecond, p50, p99, failures, rssMegabytes);
    }
}

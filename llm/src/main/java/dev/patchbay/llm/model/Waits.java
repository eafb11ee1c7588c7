package dev.patchbay.llm.model;

import java.util.Arrays;

/// How long a target was waited for lately. Safe for threads.
final class Waits {

    private static final int KEPT = 256;
    /// Fewer say nothing about what is usual.
    private static final int LEAST = 20;

    private final long[] nanos = new long[KEPT];
    private int count;

    synchronized void add(long waited) {
        nanos[count++ % KEPT] = waited;
        if (count == 2 * KEPT) {
            count = KEPT;
        }
    }

    /// Gives what so many percent of the last waits did not exceed, by the nearest rank; 0 while too few are known.
    synchronized long percentile(int percent) {
        int known = Math.min(count, KEPT);
        if (known < LEAST) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, known);
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(percent / 100.0 * known) - 1];
    }
}

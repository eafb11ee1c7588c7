package dev.patchbay.core.rollout;

import java.util.HashSet;
import java.util.Set;

/// Counts distinct units on both sides of an experiment in bounded memory, by a fair sample of units: when it grows too
/// large, every other unit is dropped, by its hash, on both sides alike (Flajolet 1990, "On adaptive sampling",
/// Computing 34). Not safe for threads.
final class UnitSample {

    private static final int MOST = 8_192;

    private final Set<Integer> canary = new HashSet<>();
    private final Set<Integer> control = new HashSet<>();
    private int mask;

    void add(int unit, boolean inCanary) {
        if (sampled(unit) && (inCanary ? canary : control).add(unit) && canary.size() + control.size() > MOST) {
            mask = mask << 1 | 1;
            canary.removeIf(seen -> !sampled(seen));
            control.removeIf(seen -> !sampled(seen));
        }
    }

    /// The share of an experiment is decided by the hash itself, so that the sample goes by another one.
    private boolean sampled(int unit) {
        int mixed = unit * 0x9E3779B9;
        return ((mixed ^ mixed >>> 15) & mask) == 0;
    }

    long canary() {
        return canary.size();
    }

    long control() {
        return control.size();
    }

    void clear() {
        canary.clear();
        control.clear();
        mask = 0;
    }
}

package dev.patchbay.core.statistics;

import java.util.Locale;

/// What the evidence says so far. Ordered from the best to the worst news.
public enum Verdict {
    /// There is enough evidence that the version is not worse by more than is tolerated.
    PASS,
    /// There is too little evidence for anything. Never promotes.
    INCONCLUSIVE,
    /// Something is odd that a person should look at; no reason to take the version away.
    HOLD,
    /// There is evidence of harm.
    FAIL;

    /// Gives the worse of two.
    public Verdict and(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /// Gives the word used in APIs.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

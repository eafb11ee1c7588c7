package dev.patchbay.testkit;

/// A check that ran.
public record CheckResult(Check.Kind kind, String name, Finding finding, long nanos) {

    /// Tells whether the check failed.
    public boolean isFailed() {
        return finding.verdict() == Finding.Verdict.FAILED;
    }
}

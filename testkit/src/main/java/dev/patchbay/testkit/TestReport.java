package dev.patchbay.testkit;

import java.time.Instant;
import java.util.List;

/// The results of all checks of one module.
///
/// @param subject the module, as `task@version`, or the artifact if it did not get that far
/// @param about what the module says about itself
public record TestReport(String subject, String about, Instant started, long nanos, List<CheckResult> results) {

    public TestReport {
        results = List.copyOf(results);
    }

    /// Lists the results of one kind.
    public List<CheckResult> of(Check.Kind kind) {
        return results.stream().filter(result -> result.kind() == kind).toList();
    }

    /// Counts the results that ended one way.
    public long count(Finding.Verdict verdict) {
        return results.stream()
                .filter(result -> result.finding().verdict() == verdict)
                .count();
    }

    /// Tells whether no check failed.
    public boolean isPassed() {
        return count(Finding.Verdict.FAILED) == 0;
    }
}

package dev.patchbay.testkit;

import java.util.List;

/// What a check found out.
///
/// @param text why, in words for the module's author; empty if there is nothing to say
/// @param charts what is better seen than said
public record Finding(Verdict verdict, String text, List<Chart> charts) {

    /// How a check ended.
    public enum Verdict {
        PASSED,
        FAILED,
        /// There was nothing to check, and the text says why.
        SKIPPED
    }

    public Finding {
        charts = List.copyOf(charts);
    }

    /// Says that all is well.
    public static Finding passed(String text) {
        return new Finding(Verdict.PASSED, text, List.of());
    }

    /// Says what is wrong and what to do.
    public static Finding failed(String text) {
        return new Finding(Verdict.FAILED, text, List.of());
    }

    /// Says why there was nothing to check.
    public static Finding skipped(String text) {
        return new Finding(Verdict.SKIPPED, text, List.of());
    }

    /// Adds what is better seen than said.
    public Finding with(List<Chart> shown) {
        return new Finding(verdict, text, shown);
    }
}

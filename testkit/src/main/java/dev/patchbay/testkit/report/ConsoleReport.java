package dev.patchbay.testkit.report;

import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding.Verdict;
import dev.patchbay.testkit.TestReport;
import java.io.PrintWriter;
import java.util.List;

/// The report as text: one line for each kind of check, and every failure with what to do about it.
public final class ConsoleReport {

    private static final String INDENT = "      ";

    private final PrintWriter out;
    private final boolean everything;

    /// @param everything whether checks that passed are listed as well
    public ConsoleReport(PrintWriter out, boolean everything) {
        this.out = out;
        this.everything = everything;
    }

    /// Prints a report.
    public void print(TestReport report) {
        out.println(report.subject() + (report.about().isBlank() ? "" : " · " + report.about()));
        for (Check.Kind kind : Check.Kind.values()) {
            List<CheckResult> results = report.of(kind);
            if (!results.isEmpty()) {
                kind(kind, results);
            }
        }
        out.printf(
                "%n%s %d passed, %d failed, %d skipped in %.1f s%n",
                report.isPassed() ? "✔" : "✖",
                report.count(Verdict.PASSED),
                report.count(Verdict.FAILED),
                report.count(Verdict.SKIPPED),
                report.nanos() / 1e9);
        out.flush();
    }

    private void kind(Check.Kind kind, List<CheckResult> results) {
        long failed = results.stream().filter(CheckResult::isFailed).count();
        out.printf(
                "%n  %s %-14s %s%n",
                failed == 0 ? "✔" : "✖",
                kind.label(),
                failed == 0
                        ? "%d checks".formatted(results.size())
                        : "%d of %d checks failed".formatted(failed, results.size()));
        for (CheckResult result : results) {
            if (result.isFailed() || everything || speaks(kind, result)) {
                line(result);
            }
        }
    }

    /// What is measured is worth reading also when it passes.
    private static boolean speaks(Check.Kind kind, CheckResult result) {
        return (kind == Check.Kind.LEAK || kind == Check.Kind.LOAD || kind == Check.Kind.COMPATIBILITY)
                        && !result.finding().text().isEmpty()
                || result.finding().verdict() == Verdict.SKIPPED;
    }

    private void line(CheckResult result) {
        String mark = switch (result.finding().verdict()) {
            case PASSED -> "✔";
            case FAILED -> "✖";
            case SKIPPED -> "◌";
        };
        out.println("    " + mark + " " + result.name());
        if (!result.finding().text().isEmpty()) {
            result.finding().text().lines().forEach(line -> out.println(INDENT + line));
        }
    }
}

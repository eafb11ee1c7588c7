package dev.patchbay.testkit.report;

import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding.Verdict;
import dev.patchbay.testkit.TestReport;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The report as text: one line for each kind of check, and every failure with what to do about it.
public final class ConsoleReport {

    private static final String INDENT = "      ";

    private final PrintWriter out;
    private final boolean everything;
    private final boolean colours;

    /// @param everything whether checks that passed are listed as well
    /// @param colours whether the marks are coloured
    public ConsoleReport(PrintWriter out, boolean everything, boolean colours) {
        this.out = out;
        this.everything = everything;
        this.colours = colours;
    }

    private String mark(Verdict verdict) {
        String mark = switch (verdict) {
            case PASSED -> "✔";
            case FAILED -> "✖";
            case SKIPPED -> "◌";
        };
        int colour = switch (verdict) {
            case PASSED -> 32;
            case FAILED -> 31;
            case SKIPPED -> 33;
        };
        return colours ? "\u001b[%dm%s\u001b[0m".formatted(colour, mark) : mark;
    }

    private String mark(boolean passed) {
        return mark(passed ? Verdict.PASSED : Verdict.FAILED);
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
                mark(report.isPassed()),
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
                mark(failed == 0),
                kind.label(),
                failed == 0 ? passed(results) : "%d of %d checks failed".formatted(failed, results.size()));
        Map<String, List<CheckResult>> alike = results.stream()
                .filter(CheckResult::isFailed)
                .collect(Collectors.groupingBy(ConsoleReport::reason, LinkedHashMap::new, Collectors.toList()));
        for (CheckResult result : results) {
            if (result.isFailed()) {
                List<CheckResult> group = alike.getOrDefault(reason(result), List.of());
                if (group.getFirst() == result) {
                    line(result);
                    others(group);
                }
            } else if (everything || speaks(kind, result)) {
                line(result);
            }
        }
    }

    /// What tells failures apart that are the same for many checks.
    static String reason(CheckResult result) {
        return result.finding().text().lines().findFirst().orElse(result.name());
    }

    /// Names the checks that failed for the same reason.
    private void others(List<CheckResult> group) {
        if (group.size() > 1) {
            out.println(INDENT + "the same: "
                    + group.stream().skip(1).map(CheckResult::name).collect(Collectors.joining("; ")));
        }
    }

    private static String passed(List<CheckResult> results) {
        long skipped = results.stream()
                .filter(result -> result.finding().verdict() == Verdict.SKIPPED)
                .count();
        String checks = results.size() == 1 ? "1 check" : results.size() + " checks";
        return skipped == 0 ? checks : "%s, %d skipped".formatted(checks, skipped);
    }

    /// What is measured is worth reading also when it passes.
    private static boolean speaks(Check.Kind kind, CheckResult result) {
        return (kind == Check.Kind.LEAK || kind == Check.Kind.LOAD || kind == Check.Kind.COMPATIBILITY)
                        && !result.finding().text().isEmpty()
                || result.finding().verdict() == Verdict.SKIPPED;
    }

    private void line(CheckResult result) {
        out.println("    " + mark(result.finding().verdict()) + " " + result.name());
        if (!result.finding().text().isEmpty()) {
            result.finding().text().lines().forEach(line -> out.println(INDENT + line));
        }
    }
}

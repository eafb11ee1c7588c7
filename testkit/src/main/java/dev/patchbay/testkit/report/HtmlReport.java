package dev.patchbay.testkit.report;

import dev.patchbay.testkit.Chart;
import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding.Verdict;
import dev.patchbay.testkit.TestReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The report as one page without anything from elsewhere: what failed comes first and open, what passed can be
/// unfolded, what was measured is drawn.
public final class HtmlReport {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /// Requests and answers, differences of schemas, steps of a path.
    private static final Pattern CODE = Pattern.compile("^(asked|first|then|the same): |^(breaking|harmless) |^    ");

    private final TestReport report;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(TestReport report) {
        this.report = report;
    }

    /// Writes the page.
    public static String write(TestReport report) {
        return new HtmlReport(report).page();
    }

    private String page() {
        line("<!doctype html>");
        line("<html lang=\"en\"><head><meta charset=\"utf-8\">");
        line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        line("<title>%s · %s</title>", escape(report.subject()), report.isPassed() ? "passed" : "failed");
        line("<style>\n%s</style></head><body><main>", resource("report.css"));
        List<Check.Kind> kinds = Arrays.stream(Check.Kind.values())
                .filter(kind -> !report.of(kind).isEmpty())
                .toList();
        head(kinds);
        kinds.stream().filter(this::hasFailed).forEach(this::section);
        kinds.stream().filter(Predicate.not(this::hasFailed)).forEach(this::section);
        line("</main></body></html>");
        return html.toString();
    }

    private void head(List<Check.Kind> kinds) {
        line("<header>");
        line(
                "<p class=\"verdict %s\">%s</p>",
                report.isPassed() ? "passed" : "failed", report.isPassed() ? "✔ passed" : "✖ failed");
        line("<h1>%s</h1>", escape(report.subject()));
        if (!report.about().isBlank()) {
            line("<p class=\"about\">%s</p>", escape(report.about()));
        }
        line(
                "<p class=\"facts\"><b>%d</b> passed · <b>%d</b> failed · <b>%d</b> skipped · %.1f s · %s</p>",
                report.count(Verdict.PASSED),
                report.count(Verdict.FAILED),
                report.count(Verdict.SKIPPED),
                report.nanos() / 1e9,
                TIME.format(report.started()));
        line("<nav>");
        kinds.forEach(kind -> line(
                "<a class=\"%s\" href=\"#%s\">%s %s</a>",
                hasFailed(kind) ? "failed" : "passed", kind.label(), escape(capital(kind.label())), tally(kind)));
        line("</nav></header>");
    }

    private String tally(Check.Kind kind) {
        List<CheckResult> results = report.of(kind);
        int failed = of(results, Verdict.FAILED).size();
        return failed == 0 ? passed(results) : "✖ %d of %d".formatted(failed, results.size());
    }

    private boolean hasFailed(Check.Kind kind) {
        return report.of(kind).stream().anyMatch(CheckResult::isFailed);
    }

    private void section(Check.Kind kind) {
        List<CheckResult> results = report.of(kind);
        line(
                "<section id=\"%s\"><h2>%s <span class=\"%s\">%s</span></h2>",
                kind.label(), escape(capital(kind.label())), hasFailed(kind) ? "failed" : "passed", tally(kind));
        line("<p class=\"promise\">%s</p>", escape(kind.promise()));
        Set<String> told = new HashSet<>();
        of(results, Verdict.FAILED).forEach(result -> result(result, told.add(ConsoleReport.reason(result))));
        of(results, Verdict.SKIPPED).forEach(result -> result(result, false));
        List<CheckResult> passed = of(results, Verdict.PASSED);
        if (!passed.isEmpty()) {
            line(
                    "<details class=\"all\"><summary>%s</summary>",
                    passed.size() == 1 ? "1 check passed" : passed.size() + " checks passed");
            passed.forEach(result -> result(result, false));
            line("</details>");
        }
        List<Chart> charts = results.stream()
                .flatMap(result -> result.finding().charts().stream())
                .toList();
        if (!charts.isEmpty()) {
            line("<div class=\"charts\">");
            charts.forEach(this::chart);
            line("</div>");
        }
        line("</section>");
    }

    private static String passed(List<CheckResult> results) {
        int skipped = of(results, Verdict.SKIPPED).size();
        return "✔ " + (results.size() - skipped) + (skipped == 0 ? "" : " · ◌ " + skipped);
    }

    private static List<CheckResult> of(List<CheckResult> results, Verdict verdict) {
        return results.stream()
                .filter(result -> result.finding().verdict() == verdict)
                .toList();
    }

    private void chart(Chart chart) {
        html.append(SvgChart.draw(chart));
    }

    private void result(CheckResult result, boolean open) {
        String mark = switch (result.finding().verdict()) {
            case PASSED -> "✔";
            case FAILED -> "✖";
            case SKIPPED -> "◌";
        };
        String verdict = result.finding().verdict().name().toLowerCase(Locale.ROOT);
        String time = String.format(Locale.ROOT, "%.1f ms", result.nanos() / 1e6);
        if (result.finding().text().isBlank()) {
            line(
                    "<p class=\"check\"><span class=\"%s\">%s</span> %s<small>%s</small></p>",
                    verdict, mark, escape(result.name()), time);
            return;
        }
        line(
                "<details class=\"check\"%s><summary><span class=\"%s\">%s</span> %s<small>%s</small></summary><div class=\"told\">%s</div></details>",
                open ? " open" : "",
                verdict,
                mark,
                escape(result.name()),
                time,
                told(result.finding().text()));
    }

    /// Sentences as sentences; what was sent, found or is a path as code.
    private static String told(String text) {
        StringBuilder told = new StringBuilder();
        text.lines()
                .forEach(line -> told.append(
                        CODE.matcher(line).find()
                                ? "<pre>" + escape(line.stripTrailing()) + "</pre>"
                                : "<p>" + escape(line.strip()) + "</p>"));
        return told.toString();
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void line(String format, Object... arguments) {
        html.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}

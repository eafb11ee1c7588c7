package dev.patchbay.testkit.report;

import dev.patchbay.testkit.Chart;
import java.util.List;
import java.util.Locale;

/// Draws a chart as SVG that takes its colours from the page.
final class SvgChart {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 220;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 14;
    private static final int BOTTOM = 40;
    private static final int TICKS = 4;
    private static final int MOST_LABELS = 9;

    private final Chart chart;
    private final double top;
    private final StringBuilder svg = new StringBuilder();

    private SvgChart(Chart chart) {
        this.chart = chart;
        double most =
                chart.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        this.top = niceStep(most / TICKS) * TICKS;
    }

    static String draw(Chart chart) {
        return new SvgChart(chart).draw();
    }

    private String draw() {
        line("<figure><figcaption>%s</figcaption>", HtmlReport.escape(chart.title()));
        line("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT, HtmlReport.escape(summary()));
        grid();
        curve();
        across();
        line("</svg></figure>");
        return svg.toString();
    }

    private String summary() {
        List<Double> values = chart.values();
        return values.isEmpty()
                ? chart.title() + ": nothing"
                : "%s: from %s to %s %s"
                        .formatted(chart.title(), number(values.getFirst()), number(values.getLast()), chart.unit());
    }

    private void grid() {
        for (int i = 0; i <= TICKS; i++) {
            double value = top * i / TICKS;
            double y = y(value);
            line("<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>", LEFT, y, WIDTH - RIGHT, y);
            line(
                    "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT - 8, y + 4, number(value) + (i == TICKS ? " " + HtmlReport.escape(chart.unit()) : ""));
        }
    }

    private void curve() {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < chart.values().size(); i++) {
            points.append(String.format(
                    Locale.ROOT, "%.1f,%.1f ", x(i), y(chart.values().get(i))));
        }
        if (chart.values().size() > 1) {
            line(
                    "<polygon class=\"area\" points=\"%.1f,%.1f %s%.1f,%.1f\"/>",
                    x(0), y(0), points, x(chart.values().size() - 1), y(0));
            line("<polyline class=\"curve\" points=\"%s\"/>", points.toString().strip());
        }
        for (int i = 0; i < chart.values().size(); i++) {
            line(
                    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>%s: %s %s</title></circle>",
                    x(i),
                    y(chart.values().get(i)),
                    HtmlReport.escape(label(i)),
                    number(chart.values().get(i)),
                    HtmlReport.escape(chart.unit()));
        }
    }

    private void across() {
        int count = chart.values().size();
        int every = Math.max(1, (count + MOST_LABELS - 1) / MOST_LABELS);
        for (int i = 0; i < count; i += every) {
            line(
                    "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x(i), HEIGHT - BOTTOM + 16, HtmlReport.escape(label(i)));
        }
        line(
                "<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, HtmlReport.escape(chart.across()));
    }

    private String label(int i) {
        return i < chart.labels().size() ? chart.labels().get(i) : String.valueOf(i + 1);
    }

    private double x(int i) {
        int steps = Math.max(1, chart.values().size() - 1);
        return LEFT + 6 + (WIDTH - RIGHT - LEFT - 12.0) * i / steps;
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - (top == 0 ? 0 : (HEIGHT - BOTTOM - TOP) * value / top);
    }

    /// Rounds up to 1, 2, 2.5 or 5 times a power of ten.
    private static double niceStep(double step) {
        if (step <= 0) {
            return 0.25;
        }
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        for (double nice : new double[] {1, 2, 2.5, 5}) {
            if (step <= nice * power * (1 + 1e-9)) {
                return nice * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        if (value >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f", value);
    }

    private void line(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}

package dev.patchbay.bench.swap;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Draws the footprints as SVG: a strip for each measure, its axis from zero.
final class SwapPicture {
    private static final int WIDTH = 760;
    private static final int STRIP = 84;
    private static final int LEFT = 130;
    private static final int RIGHT = 60;
    private static final int TOP = 46;

    private record Measure(String name, String unit, ToDoubleFunction<Footprint> value) {}

    private static final List<Measure> MEASURES = List.of(
            new Measure("RSS", "MB", Footprint::rss),
            new Measure("Java heap", "MB", Footprint::heap),
            new Measure("Metaspace", "MB", Footprint::metaspace),
            new Measure("Threads", "", Footprint::threads),
            new Measure("Open files", "", Footprint::files));

    private SwapPicture() {}

    static String draw(SwapReport report) {
        int height = TOP + MEASURES.size() * STRIP + 30;
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="13">
                <style>text{fill:#222}.axis{stroke:#bbb}.line{fill:none;stroke:#0b6bcb;stroke-width:1.5}@media(prefers-color-scheme:dark){svg{background:#16181d}text{fill:#ddd}.axis{stroke:#555}.line{stroke:#6cb6ff}}</style>
                <text x="12" y="24" font-size="15" font-weight="600">%s</text>
                """.formatted(WIDTH, height, title(report)));
        for (int i = 0; i < MEASURES.size(); i++) {
            strip(svg, MEASURES.get(i), report.footprints(), TOP + i * STRIP);
        }
        svg.append(
                "<text x=\"%d\" y=\"%d\">change 0</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">change %d</text>%n"
                        .formatted(LEFT, height - 10, WIDTH - RIGHT, height - 10, report.changes()));
        return svg.append("</svg>\n").toString();
    }

    private static String title(SwapReport report) {
        return String.format(
                Locale.ROOT,
                "%,d version changes under %,d calls: %d lost, %d met a teardown, %d versions leaked",
                report.changes(),
                report.load().answers(),
                report.load().failures(),
                report.afterTeardown(),
                report.leaked());
    }

    private static void strip(StringBuilder svg, Measure measure, List<Footprint> points, int top) {
        double max = points.stream().mapToDouble(measure.value()).max().orElse(1);
        double scale = (STRIP - 24) / Math.max(max, 1e-9);
        int base = top + STRIP - 12;
        int last = Math.max(1, points.getLast().change());
        StringBuilder line = new StringBuilder();
        for (Footprint point : points) {
            double x = LEFT + (WIDTH - LEFT - RIGHT) * (double) point.change() / last;
            line.append("%.1f,%.1f ".formatted(x, base - scale * measure.value().applyAsDouble(point)));
        }
        svg.append("<text x=\"12\" y=\"%d\">%s</text>%n".formatted(base - 20, measure.name()));
        svg.append("<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n"
                .formatted(LEFT, base, WIDTH - RIGHT, base));
        svg.append("<polyline class=\"line\" points=\"%s\"/>%n"
                .formatted(line.toString().strip()));
        svg.append("<text x=\"%d\" y=\"%d\">%.0f %s</text>%n"
                .formatted(
                        WIDTH - RIGHT + 6,
                        (int) (base - scale * measure.value().applyAsDouble(points.getLast())) + 4,
                        measure.value().applyAsDouble(points.getLast()),
                        measure.unit()));
    }
}

package dev.patchbay.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The medians of all rounds; ratios are taken within a round, and then their median.
record BatchReport(List<Row> rows, long failures) {

    record Row(
            String name,
            double cpuMicrosPerCall,
            double cpuToOff,
            double cpuToSpring,
            double perSecond,
            double perSecondToOff,
            double p50,
            double p99,
            double aloneP50,
            double aloneP50ToOff) {}

    /// @param many the turns with all connections
    /// @param one the turns with one connection
    static BatchReport of(Map<String, List<Turn>> many, Map<String, List<Turn>> one) {
        List<Row> rows = new ArrayList<>();
        List<Turn> spring = many.getOrDefault("spring", List.of());
        many.forEach((name, own) -> {
            // each form of the question against its own
            String offName = name.endsWith(", bytes") ? "off, bytes" : "off";
            List<Turn> off = many.getOrDefault(offName, List.of());
            List<Turn> alone = one.getOrDefault(name, List.of());
            rows.add(new Row(
                    name,
                    Comparison.median(own, Turn::cpuMicrosPerCall),
                    Comparison.ratio(own, off, Turn::cpuMicrosPerCall),
                    Comparison.ratio(own, spring, Turn::cpuMicrosPerCall),
                    Comparison.median(own, Turn::perSecond),
                    Comparison.ratio(own, off, Turn::perSecond),
                    Comparison.median(own, Turn::p50),
                    Comparison.median(own, Turn::p99),
                    Comparison.median(alone, Turn::p50),
                    Comparison.ratio(alone, one.getOrDefault(offName, List.of()), Turn::p50)));
        });
        long failures = many.values().stream()
                .flatMap(List::stream)
                .mapToLong(Turn::failures)
                .sum();
        return new BatchReport(rows, failures);
    }

    /// As Markdown.
    String table() {
        StringBuilder text = new StringBuilder("""
                | server | CPU per call | against off | against Spring Boot | calls/s | against off | p50 | p99 | p50 alone | against off |
                |---|---|---|---|---|---|---|---|---|---|
                """);
        for (Row row : rows) {
            text.append("| %s | %.1f µs | %.2f | %.2f | %.0f | %.2f | %.0f µs | %.0f µs | %.0f µs | %.2f |%n"
                    .formatted(
                            row.name(),
                            row.cpuMicrosPerCall(),
                            row.cpuToOff(),
                            row.cpuToSpring(),
                            row.perSecond(),
                            row.perSecondToOff(),
                            row.p50(),
                            row.p99(),
                            row.aloneP50(),
                            row.aloneP50ToOff()));
        }
        return text.append("\n%d failed calls".formatted(failures)).toString();
    }
}

package dev.patchbay.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// The medians of all rounds. Ratios are taken within a round, where the machine was equally busy for all, and then
/// their median.
record Comparison(List<Row> rows, long failures) {

    /// @param toSpring CPU per call against Spring Boot's
    /// @param aboveBareModel microseconds of CPU per call above the bare server with the model
    record Row(
            String name,
            double cpuMicrosPerCall,
            double toSpring,
            double aboveBareModel,
            double perSecond,
            double p50,
            double p99,
            double rssMegabytes) {}

    static Comparison of(Map<String, List<Turn>> turns) {
        List<Row> rows = new ArrayList<>();
        List<Turn> spring = turns.getOrDefault("spring", List.of());
        List<Turn> bareModel = turns.getOrDefault("bare+model", List.of());
        turns.forEach((name, own) -> rows.add(new Row(
                name,
                median(own, Turn::cpuMicrosPerCall),
                ratio(own, spring, Turn::cpuMicrosPerCall),
                median(against(own, bareModel, (a, b) -> a - b, Turn::cpuMicrosPerCall)),
                median(own, Turn::perSecond),
                median(own, Turn::p50),
                median(own, Turn::p99),
                median(own, Turn::rssMegabytes))));
        return new Comparison(
                rows,
                turns.values().stream()
                        .flatMap(List::stream)
                        .mapToLong(Turn::failures)
                        .sum());
    }

    private interface Against {
        double of(double own, double other);
    }

    private static List<Double> against(
            List<Turn> own, List<Turn> other, Against against, ToDoubleFunction<Turn> value) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < Math.min(own.size(), other.size()); i++) {
            all.add(against.of(value.applyAsDouble(own.get(i)), value.applyAsDouble(other.get(i))));
        }
        return all;
    }

    static double ratio(List<Turn> own, List<Turn> other, ToDoubleFunction<Turn> value) {
        return median(against(own, other, (a, b) -> a / b, value));
    }

    static double median(List<Turn> turns, ToDoubleFunction<Turn> value) {
        return median(turns.stream().mapToDouble(value).boxed().toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /// As Markdown.
    String table() {
        StringBuilder text = new StringBuilder("""
                | server | CPU per call | against Spring Boot | above bare + model | calls/s | p50 | p99 | RSS |
                |---|---|---|---|---|---|---|---|
                """);
        for (Row row : rows) {
            text.append("| %s | %.1f µs | %.2f | %+.1f µs | %.0f | %.0f µs | %.0f µs | %.0f MB |%n"
                    .formatted(
                            row.name(),
                            row.cpuMicrosPerCall(),
                            row.toSpring(),
                            row.aboveBareModel(),
                            row.perSecond(),
                            row.p50(),
                            row.p99(),
                            row.rssMegabytes()));
        }
        return text.append("\n%d failed calls".formatted(failures)).toString();
    }
}

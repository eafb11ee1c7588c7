package dev.patchbay.testkit;

import java.util.List;

/// A line over numbered steps or percentiles.
///
/// @param unit of the values
/// @param across what the steps are
/// @param labels one for each value, or none to number them
public record Chart(String title, String unit, String across, List<String> labels, List<Double> values) {

    public Chart {
        labels = List.copyOf(labels);
        values = List.copyOf(values);
    }
}

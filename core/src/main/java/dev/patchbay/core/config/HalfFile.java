package dev.patchbay.core.config;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Tells half a file from a whole one. YAML does not: the first lines of a config are a config, too, and one without
/// the
/// tasks that come later. But half a file seldom ends with a line.
final class HalfFile {

    private static final int NAMED = 3;

    private HalfFile() {}

    /// Refuses a file that ends within a line and lacks what the one before had.
    ///
    /// @throws ConfigInvalid naming what is missing
    static void refuse(String text, ObjectNode before, ObjectNode after) {
        // half of one line alone is no config
        if (text.endsWith("\n") || !text.contains("\n")) {
            return;
        }
        List<String> missing = ConfigDiff.between(before, after).stream()
                .filter(change -> change.after() == null)
                .map(ConfigRevision.Change::path)
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        String named = missing.stream().limit(NAMED).collect(Collectors.joining(", "));
        int line = (int) text.lines().count();
        int column = text.length() - text.lastIndexOf('\n');
        throw new ConfigInvalid(List.of(new ConfigProblem(
                "",
                line,
                column,
                "the file ends here without a line break, and has no %s any more%s: it looks like half a file. If it is whole, end it with a line break"
                        .formatted(
                                named,
                                missing.size() > NAMED ? " and %d more".formatted(missing.size() - NAMED) : ""))));
    }
}

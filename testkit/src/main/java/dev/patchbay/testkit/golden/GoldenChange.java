package dev.patchbay.testkit.golden;

import java.nio.file.Path;
import java.util.List;

/// A change to a golden file, not made so far.
///
/// @param file that is changed or made
/// @param name of the case
/// @param lines what changes, to be shown to whoever decides
/// @param edits to the file's text, of which none touches another
public record GoldenChange(Path file, String name, List<String> lines, List<Edit> edits) {

    public GoldenChange {
        lines = List.copyOf(lines);
        edits = List.copyOf(edits);
    }

    /// Replaces a part of a text.
    ///
    /// @param from the first character that goes
    /// @param to the first that stays
    public record Edit(int from, int to, String text) {}
}

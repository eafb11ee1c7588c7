package dev.patchbay.core.scan;

import org.jspecify.annotations.Nullable;

/// A habit of an artifact.
///
/// @param library the jar that has it; null if the module's own classes do
/// @param place where it was seen first, such as `Small.load`
/// @param classes how many classes of the library or the module have it
public record Finding(Habit habit, @Nullable String library, String place, int classes) {

    /// Says it in a sentence, without its full stop.
    public String words() {
        return "%s%s (%s%s): %s"
                .formatted(
                        library == null ? "it " : library + " ",
                        habit.words(),
                        place,
                        classes > 1 ? " and in " + (classes - 1) + " more" : "",
                        habit.advice());
    }
}

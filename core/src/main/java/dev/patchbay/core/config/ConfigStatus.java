package dev.patchbay.core.config;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What config is in force, and what stands in the way of the file's content if that is another.
///
/// @param waitingFor versions that the file names and that are not ready yet
/// @param refused when the file's content was refused; null if it was not
/// @param problems why
/// @param drift tasks that are in force otherwise than the file says, because they were rolled back
public record ConfigStatus(
        long revision,
        List<String> waitingFor,
        @Nullable Instant refused,
        List<ConfigProblem> problems,
        List<String> drift) {}

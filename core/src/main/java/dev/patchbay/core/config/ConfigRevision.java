package dev.patchbay.core.config;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One state of the config that was in force, for ever as it was.
///
/// @param source `file`, `rollback`, `start`, or of an experiment `rollout`, `halt` or `acknowledge`
/// @param content what was in force
/// @param file what the config file said at that time; content and file differ after a rollback
/// @param changes what is different from the revision before
public record ConfigRevision(
        long number,
        Instant time,
        String author,
        String reason,
        String source,
        ObjectNode content,
        ObjectNode file,
        List<Change> changes) {

    /// One value that changed.
    ///
    /// @param path the key, joined by dots
    /// @param before null if it was not there
    /// @param after null if it is no longer there
    public record Change(
            String path,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}
}

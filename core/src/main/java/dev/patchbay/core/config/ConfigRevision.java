package dev.patchbay.core.config;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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

    /// Tells whether nothing is missing, as it would be after reading half a file.
    boolean isComplete() {
        return Stream.of(time, author, reason, source, content, file, changes).allMatch(Objects::nonNull);
    }

    /// One value that changed.
    ///
    /// @param path the key, joined by dots
    /// @param before null if it was not there
    /// @param after null if it is no longer there
    public record Change(
            String path,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {

        /// Takes JSON's null as absent too; so a change is the same when it was stored and read again.
        public Change {
            before = before == null || before.isNull() ? null : before;
            after = after == null || after.isNull() ? null : after;
        }
    }
}

package dev.patchbay.core.config;

import java.util.List;
import java.util.Optional;

/// Keeps revisions.
public interface RevisionStore {

    /// Keeps a revision; when it returns, the revision survives whatever the store survives.
    ///
    /// @throws java.io.UncheckedIOException if it cannot be kept
    void add(ConfigRevision revision);

    /// Lists the revisions, the oldest first.
    List<ConfigRevision> all();

    /// Gives the highest number a revision ever had, also if that revision can no longer be read; 0 if there was none.
    long lastNumber();

    /// Finds a revision.
    default Optional<ConfigRevision> find(long number) {
        return all().stream().filter(revision -> revision.number() == number).findFirst();
    }
}

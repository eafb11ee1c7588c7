package dev.patchbay.core.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps revisions as long as the process runs.
public final class MemoryRevisions implements RevisionStore {

    private final List<ConfigRevision> revisions = new CopyOnWriteArrayList<>();

    @Override
    public void add(ConfigRevision revision) {
        revisions.add(revision);
    }

    @Override
    public List<ConfigRevision> all() {
        return List.copyOf(revisions);
    }

    @Override
    public long lastNumber() {
        return revisions.isEmpty() ? 0 : revisions.getLast().number();
    }
}

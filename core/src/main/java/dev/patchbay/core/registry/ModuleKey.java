package dev.patchbay.core.registry;

import java.util.Comparator;

/// One version of one task. In order of their tasks' names, and of a task from its oldest version to its newest.
public record ModuleKey(String task, String version) implements Comparable<ModuleKey> {

    private static final Comparator<ModuleKey> ORDER =
            Comparator.comparing(ModuleKey::task).thenComparing(ModuleKey::version, VersionOrder.OLD_TO_NEW);

    @Override
    public int compareTo(ModuleKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return task + "@" + version;
    }
}

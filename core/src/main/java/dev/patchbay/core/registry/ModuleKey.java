package dev.patchbay.core.registry;

/// One version of one task.
public record ModuleKey(String task, String version) {

    @Override
    public String toString() {
        return task + "@" + version;
    }
}

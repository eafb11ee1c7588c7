package dev.patchbay.core.deploy;

import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One artifact on its way through its life. Changed only under the deployer's lock, but for the state, which
/// anybody may read.
final class Deployment {

    /// An instance that was started, with everything to end it by.
    ///
    /// @param config the section of the task it was started with
    record Running(ModuleInstance instance, ModuleStarter.Started started, TaskConfig config) {}

    private final Path source;
    private final @Nullable ModuleArtifact artifact;
    private final @Nullable ModuleDescriptor descriptor;
    private volatile ModuleState state;
    private volatile @Nullable Running running;
    private boolean wasReady;
    private boolean removed;

    Deployment(Path source, ModuleArtifact artifact, ModuleDescriptor descriptor) {
        this.source = source;
        this.artifact = artifact;
        this.descriptor = descriptor;
        this.state = new ModuleState.Discovered(Instant.now());
    }

    /// Makes an entry for an artifact that is no version.
    Deployment(
            Path source, @Nullable ModuleArtifact artifact, @Nullable ModuleDescriptor descriptor, ModuleState state) {
        this.source = source;
        this.artifact = artifact;
        this.descriptor = descriptor;
        this.state = state;
    }

    Path source() {
        return source;
    }

    @Nullable
    ModuleArtifact artifact() {
        return artifact;
    }

    @Nullable
    ModuleDescriptor descriptor() {
        return descriptor;
    }

    @Nullable
    ModuleKey key() {
        return descriptor == null ? null : descriptor.key();
    }

    ModuleState state() {
        return state;
    }

    void state(ModuleState next) {
        state = next;
        wasReady |= next instanceof ModuleState.Ready;
    }

    Optional<Running> running() {
        return Optional.ofNullable(running);
    }

    void running(@Nullable Running next) {
        running = next;
    }

    /// Whether callers may have seen this version: its bytes can no longer change.
    boolean wasReady() {
        return wasReady;
    }

    boolean isRemoved() {
        return removed;
    }

    void removed(boolean gone) {
        removed = gone;
    }

    boolean isOver() {
        return switch (state) {
            case ModuleState.Failed _, ModuleState.Gone _ -> true;
            default -> false;
        };
    }
}

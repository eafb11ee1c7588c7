package dev.patchbay.core.deploy;

import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.scan.Finding;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One artifact on its way through its life. Changed under the monitor of [Deployments]; its state anybody may read.
final class Deployment {

    /// An instance that was started, with everything to end it by.
    ///
    /// @param config the section of the task it was started with
    record Running(ModuleInstance instance, ModuleStarter.Started started, TaskConfig config) {}

    /// Where its bytes are in the folder; the last one known, if they are not there any more.
    private final Set<Path> sources = new LinkedHashSet<>();
    private final @Nullable ModuleArtifact artifact;
    private final @Nullable ModuleDescriptor descriptor;
    private volatile ModuleState state;
    private volatile @Nullable Running running;
    private volatile @Nullable String lastInstance;
    private final List<Finding> findings;
    private volatile List<String> freed = List.of();
    private volatile boolean removed;
    private @Nullable Path back;
    private volatile int failures;

    /// @param findings habits of its code that an operator is to know
    Deployment(Path source, ModuleArtifact artifact, ModuleDescriptor descriptor, List<Finding> findings) {
        this.findings = findings;
        this.sources.add(source);
        this.artifact = artifact;
        this.descriptor = descriptor;
        this.state = new ModuleState.Discovered(Instant.now());
    }

    /// Makes an entry for an artifact that is no version.
    Deployment(
            Path source, @Nullable ModuleArtifact artifact, @Nullable ModuleDescriptor descriptor, ModuleState state) {
        this.findings = List.of();
        this.sources.add(source);
        this.artifact = artifact;
        this.descriptor = descriptor;
        this.state = state;
    }

    /// The place it is named by.
    synchronized Path source() {
        return sources.iterator().next();
    }

    synchronized boolean isFrom(Path source) {
        return sources.contains(source);
    }

    /// Notes that its bytes are, or are again, at a place.
    synchronized void foundAt(Path source) {
        if (removed) {
            sources.clear();
        }
        sources.add(source);
        removed = false;
        back = state instanceof ModuleState.Draining || state instanceof ModuleState.Quarantined ? source : null;
    }

    /// Notes that its bytes are not at a place any more. It is removed when they are nowhere.
    synchronized void lostAt(Path source) {
        if (sources.size() > 1) {
            sources.remove(source);
        } else {
            remove();
        }
    }

    /// Notes that it is to go, wherever its bytes are.
    synchronized void remove() {
        removed = true;
        back = null;
    }

    @Nullable
    ModuleArtifact artifact() {
        return artifact;
    }

    @Nullable
    ModuleDescriptor descriptor() {
        return descriptor;
    }

    /// The artifact of a deployment that is a version.
    ModuleArtifact requireArtifact() {
        return Objects.requireNonNull(artifact);
    }

    /// The descriptor of a deployment that is a version.
    ModuleDescriptor requireDescriptor() {
        return Objects.requireNonNull(descriptor);
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
    }

    Optional<Running> running() {
        return Optional.ofNullable(running);
    }

    /// Tells whether calls go to an instance, rather than to one that was replaced.
    boolean runs(int number) {
        Running now = running;
        return now != null && now.instance().number() == number;
    }

    boolean isRunning(Running instance) {
        return running == instance;
    }

    void running(@Nullable Running next) {
        running = next;
        if (next != null) {
            lastInstance = next.instance().toString();
        }
    }

    /// Names the instance that ran last, whose loader must die after it.
    @Nullable
    String lastInstance() {
        return lastInstance;
    }

    List<Finding> findings() {
        return findings;
    }

    /// Counts the times that these bytes, from this place, did not start.
    int failures() {
        return failures;
    }

    void failures(int count) {
        failures = count;
    }

    /// What its teardown left undone and the host did.
    List<String> freed() {
        return freed;
    }

    void freed(List<String> what) {
        freed = what;
    }

    /// Tells whether it goes as soon as it can.
    boolean isRemoved() {
        return removed;
    }

    /// Where the same bytes appeared again while this was on its way out, to be loaded when it is gone.
    synchronized @Nullable Path back() {
        return back;
    }

    boolean isOver() {
        return switch (state) {
            case ModuleState.Failed _, ModuleState.Gone _ -> true;
            default -> false;
        };
    }
}

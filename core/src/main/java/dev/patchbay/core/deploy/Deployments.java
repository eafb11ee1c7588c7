package dev.patchbay.core.deploy;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.registry.VersionOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Every artifact that was seen and what became of it. Safe for use by many threads; whoever changes several things at
/// once, or changes what depends on what it saw here, holds the monitor of this object meanwhile.
final class Deployments {

    private static final int REMEMBERED = 50;

    /// Those of the folder, and those that serve though the folder has something else by now.
    private final List<Deployment> present = new ArrayList<>();
    /// Those that ended.
    private final List<Deployment> ended = new ArrayList<>();

    /// Enters a deployment. What failed before at the same place is forgotten.
    synchronized void add(Deployment deployment) {
        forgetFailures(deployment.source());
        present.add(deployment);
    }

    /// Forgets what failed at a place.
    synchronized void forgetFailures(Path source) {
        present.removeIf(deployment -> deployment.source().equals(source) && deployment.isOver());
    }

    /// Forgets a deployment that never served.
    synchronized void forget(Deployment deployment) {
        present.remove(deployment);
    }

    /// Moves a deployment to those that ended, of which the latest are remembered.
    synchronized void end(Deployment deployment) {
        if (present.remove(deployment)) {
            ended.add(deployment);
            if (ended.size() > REMEMBERED) {
                ended.removeFirst();
            }
        }
    }

    /// Tells whether a deployment is there still: one that failed may be forgotten.
    synchronized boolean has(Deployment deployment) {
        return present.contains(deployment);
    }

    synchronized List<Deployment> present() {
        return List.copyOf(present);
    }

    synchronized List<Deployment> ended() {
        return List.copyOf(ended);
    }

    List<Deployment> ready() {
        return present().stream()
                .filter(deployment -> deployment.state() instanceof ModuleState.Ready)
                .toList();
    }

    /// Finds what came from a place and has not ended.
    List<Deployment> from(Path source) {
        return present().stream()
                .filter(deployment -> deployment.source().equals(source))
                .toList();
    }

    /// Tells how often the same bytes from the same place failed so far.
    int failures(Path source, ModuleArtifact artifact) {
        return from(source).stream()
                .filter(deployment -> artifact.equals(deployment.artifact()))
                .mapToInt(Deployment::failures)
                .max()
                .orElse(0);
    }

    /// Finds the deployment that is a version, rather than one that only claims to be.
    @Nullable
    Deployment find(ModuleKey key) {
        Deployment found = null;
        for (Deployment deployment : present()) {
            if (key.equals(deployment.key()) && (found == null || !deployment.isOver())) {
                found = deployment;
            }
        }
        return found;
    }

    /// @throws InferenceException `unknown-version`, naming those that there are
    Deployment require(ModuleKey key) {
        Deployment found = find(key);
        if (found == null) {
            throw new InferenceException(
                    ErrorCode.UNKNOWN_VERSION,
                    "There is no version %s. Versions of '%s': %s".formatted(key, key.task(), versions(key.task())));
        }
        return found;
    }

    Set<String> versions(String task) {
        Set<String> versions = new TreeSet<>(VersionOrder.OLD_TO_NEW);
        for (Deployment deployment : present()) {
            ModuleKey key = deployment.key();
            if (key != null && key.task().equals(task)) {
                versions.add(key.version());
            }
        }
        return versions;
    }

    boolean uses(ModuleArtifact artifact) {
        return present().stream().anyMatch(deployment -> artifact.equals(deployment.artifact()));
    }
}

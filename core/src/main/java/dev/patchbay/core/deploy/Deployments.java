package dev.patchbay.core.deploy;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.VersionOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    /// Finds whoever has a version already.
    ///
    /// @return null if nobody
    /// @throws DeploymentFailed if it has other bytes
    synchronized @Nullable Deployment owner(ModuleKey key, ModuleArtifact artifact) {
        for (Deployment other : present) {
            if (!key.equals(other.key()) || other.isOver()) {
                continue;
            }
            ModuleArtifact owned = other.requireArtifact();
            if (!artifact.equals(owned)) {
                throw new DeploymentFailed(
                        "read",
                        "%s is already there from '%s' as %s, and this one has other bytes (%s). A version never changes: publish it under a new version"
                                .formatted(
                                        key,
                                        other.source().getFileName(),
                                        owned.shortDigest(),
                                        artifact.shortDigest()));
            }
            return other;
        }
        return null;
    }

    /// Enters a deployment at a place, or notes that its bytes are at that place too. What failed there is forgotten.
    ///
    /// @return what else was at the place
    synchronized List<Deployment> enter(Deployment deployment, Path source) {
        List<Deployment> others = new ArrayList<>();
        for (Deployment other : from(source)) {
            if (other == deployment) {
                continue;
            }
            if (Objects.equals(other.artifact(), deployment.artifact())) {
                deployment.failures(other.failures());
            }
            other.lostAt(source);
            others.add(other);
        }
        if (present.contains(deployment)) {
            deployment.foundAt(source);
        } else {
            present.add(deployment);
        }
        return others;
    }

    /// Enters what failed before it was a version. What failed before at the same place is forgotten.
    synchronized void refused(Deployment deployment) {
        present.removeIf(other -> other.isFrom(deployment.source()) && other.isOver());
        present.add(deployment);
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
                .filter(deployment -> deployment.state().isLoaded())
                .toList();
    }

    /// Finds what came from a place and has not ended.
    List<Deployment> from(Path source) {
        return present().stream()
                .filter(deployment -> deployment.isFrom(source))
                .toList();
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

    /// Tells whether a version needs the copy of an artifact.
    boolean uses(ModuleArtifact artifact) {
        return present().stream()
                .anyMatch(deployment -> !deployment.isOver() && artifact.equals(deployment.artifact()));
    }
}

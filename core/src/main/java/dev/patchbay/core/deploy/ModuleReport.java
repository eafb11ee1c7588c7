package dev.patchbay.core.deploy;

import dev.patchbay.core.deploy.Deployment.Running;
import dev.patchbay.core.execution.ModuleExecutor;
import dev.patchbay.core.leak.LeakWatch;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.registry.VersionOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tells about every artifact, by task and version.
final class ModuleReport {

    private static final Comparator<ModuleStatus> ORDER = Comparator.comparing(
                    (ModuleStatus status) -> status.task() == null ? "" : status.task())
            .thenComparing(status -> status.version() == null ? "" : status.version(), VersionOrder.OLD_TO_NEW)
            .thenComparing(ModuleStatus::source);

    private final Deployments deployments;
    private final LeakWatch leaks;
    private final Function<ModuleKey, Collection<String>> routedBy;

    ModuleReport(Deployments deployments, LeakWatch leaks, Function<ModuleKey, Collection<String>> routedBy) {
        this.deployments = deployments;
        this.leaks = leaks;
        this.routedBy = routedBy;
    }

    /// @param incomplete artifacts that are on their way, and what they wait for
    List<ModuleStatus> status(Map<Path, String> incomplete) {
        List<ModuleStatus> all = new ArrayList<>();
        deployments.present().forEach(deployment -> all.add(status(deployment)));
        deployments.ended().forEach(deployment -> all.add(status(deployment)));
        incomplete.forEach((source, why) -> all.add(incomplete(source, why)));
        all.sort(ORDER);
        return all;
    }

    private ModuleStatus status(Deployment deployment) {
        ModuleKey key = deployment.key();
        ModuleArtifact artifact = deployment.artifact();
        boolean gone = deployment.state() instanceof ModuleState.Gone;
        return new ModuleStatus(
                key,
                deployment.state(),
                deployment.source().getFileName().toString(),
                artifact == null ? null : artifact.digest(),
                deployment.descriptor(),
                loader(deployment),
                deployment.findings(),
                deployment.freed(),
                deployment.isRemoved(),
                key == null || gone ? List.of() : List.copyOf(routedBy.apply(key)),
                deployment.running().map(ModuleReport::live).orElse(null));
    }

    private String loader(Deployment deployment) {
        if (deployment.running().isPresent()) {
            return "live";
        }
        String last = deployment.lastInstance();
        return last == null ? "none" : leaks.fate(last).label();
    }

    private static ModuleStatus.Live live(Running running) {
        ModuleExecutor executor = running.instance().executor();
        return new ModuleStatus.Live(
                running.started().baseline(),
                running.instance().gate().inside(),
                executor.waiting(),
                executor.stuckCalls(),
                executor.isCircuitOpen(),
                executor.use().orElse(null),
                running.started().callee().codec().requestSchema(),
                running.started().callee().codec().responseSchema());
    }

    private static ModuleStatus incomplete(Path source, @Nullable String why) {
        return new ModuleStatus(
                null,
                new ModuleState.Failed(Instant.now(), "copy", "not whole yet: " + why),
                source.getFileName().toString(),
                null,
                null,
                "none",
                List.of(),
                List.of(),
                false,
                List.of(),
                null);
    }
}

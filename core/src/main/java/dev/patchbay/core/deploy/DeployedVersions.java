package dev.patchbay.core.deploy;

import dev.patchbay.api.FieldError;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.VersionCatalog;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.schema.JsonSchema;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The versions that config may name, and the way to new settings for those that run.
final class DeployedVersions implements VersionCatalog {

    private final Deployer deployer;
    private final Deployments deployments;
    private final ModelRuntimes runtimes;

    DeployedVersions(Deployer deployer, Deployments deployments, ModelRuntimes runtimes) {
        this.deployer = deployer;
        this.deployments = deployments;
        this.runtimes = runtimes;
    }

    @Override
    public Set<String> versions(String task) {
        return deployments.versions(task);
    }

    @Override
    public Progress progress(ModuleKey key) {
        Deployment deployment = deployments.find(key);
        return deployment == null
                ? new Progress.Unknown()
                : switch (deployment.state()) {
                    case ModuleState.Ready _, ModuleState.Unreachable _ -> new Progress.Ready();
                    case ModuleState.Discovered _, ModuleState.Loading _, ModuleState.Warming _ ->
                        new Progress.OnItsWay(deployment.state().label());
                    case ModuleState.Failed failed ->
                        new Progress.Failed("it failed in " + failed.stage() + ": " + failed.cause());
                    case ModuleState.Draining _, ModuleState.Gone _ -> new Progress.Failed("it is being retired");
                    case ModuleState.Quarantined quarantined ->
                        new Progress.Failed("it is quarantined: " + quarantined.cause());
                };
    }

    @Override
    public List<FieldError> answerErrors(ModuleKey key, JsonNode answer) {
        Deployment deployment = deployments.find(key);
        return deployment == null
                ? List.of()
                : deployment
                        .running()
                        .map(running -> JsonSchema.compile(
                                        running.started().callee().codec().responseSchema())
                                .check(answer))
                        .orElse(List.of());
    }

    @Override
    public Set<String> sections() {
        return runtimes.kindNames();
    }

    @Override
    public void checkSections(GatewayConfig next) {
        runtimes.check(next);
    }

    @Override
    public Prepared prepare(GatewayConfig next) {
        SettingsChange change = new SettingsChange(deployer, deployments, next, runtimes.prepare(next));
        try {
            deployments.ready().forEach(change::consider);
        } catch (DeploymentFailed e) {
            change.abandon();
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return change;
    }

    @Override
    public void onChange(Runnable listener) {
        deployer.onChange(listener);
    }
}

package dev.patchbay.core.deploy;

import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.config.VersionCatalog;
import dev.patchbay.core.deploy.Deployment.Running;
import dev.patchbay.core.registry.ModuleKey;
import java.util.ArrayList;
import java.util.List;

/// Instances with new settings, loaded beside those that serve, which wait to take over together or not at all.
final class SettingsChange implements VersionCatalog.Prepared {

    private record Change(Deployment deployment, Running before, Running after) {}

    private final Deployer deployer;
    private final Deployments deployments;
    private final GatewayConfig config;
    private final Runnable kinds;
    private final List<Change> changes = new ArrayList<>();

    /// @param kinds puts the sections of the module kinds in force
    SettingsChange(Deployer deployer, Deployments deployments, GatewayConfig config, Runnable kinds) {
        this.deployer = deployer;
        this.deployments = deployments;
        this.config = config;
        this.kinds = kinds;
    }

    /// Starts a successor if the config changes what the deployment was started with.
    ///
    /// @throws DeploymentFailed if the version does not take its new settings
    void consider(Deployment deployment) {
        Running before = deployment.running().orElse(null);
        if (before == null) {
            return;
        }
        ModuleKey key = before.instance().key();
        TaskConfig section = config.task(key.task());
        if (differs(before, config)) {
            changes.add(new Change(deployment, before, deployer.start(deployment, section, stage -> {})));
        }
    }

    /// Tells whether an instance would be loaded with other settings by a config.
    static boolean differs(Running running, GatewayConfig config) {
        ModuleKey key = running.instance().key();
        TaskConfig before = running.config();
        TaskConfig after = config.task(key.task());
        return !before.limits().equals(after.limits())
                || !before.settingsOf(key.version()).equals(after.settingsOf(key.version()))
                || !before.tenantSettingsOf(key.version()).equals(after.tenantSettingsOf(key.version()));
    }

    @Override
    public void commit() {
        deployer.configure(config, kinds);
        changes.forEach(change -> deployer.replace(change.deployment(), change.before(), change.after()));
        deployer.leaveUnrouted();
        // those that became ready since were loaded with what was in force before
        deployments.ready().forEach(deployer::catchUp);
    }

    @Override
    public void abandon() {
        changes.forEach(change -> deployer.drop(change.after()));
    }
}

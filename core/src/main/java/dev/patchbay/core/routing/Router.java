package dev.patchbay.core.routing;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.registry.ModuleKey;
import java.util.concurrent.atomic.AtomicReference;

/// Decides which version answers. Holds the one routing table in force; every change is a new table, put in
/// place by one reference swap, so that a call sees either all of a change or nothing of it.
public final class Router {

    private final AtomicReference<RoutingTable> table = new AtomicReference<>(RoutingTable.EMPTY);

    /// Chooses a version for a call.
    ///
    /// @throws InferenceException `unknown-task`, `unknown-version` or `version-unavailable`
    public Resolution resolve(RouteQuery query) {
        return table.get().resolve(query);
    }

    /// Gives the table in force.
    public RoutingTable table() {
        return table.get();
    }

    /// Compiles a config revision over the versions that are ready now, without putting it in force.
    public RoutingTable compile(long revision, GatewayConfig config) {
        return table.get().with(revision, RouteCompiler.compile(config));
    }

    /// Puts the rules of a config revision in force.
    public void activate(long revision, GatewayConfig config) {
        var routes = RouteCompiler.compile(config);
        table.updateAndGet(now -> now.with(revision, routes));
    }

    /// Lets calls go to a version.
    public void ready(ModuleKey key) {
        table.updateAndGet(now -> now.with(key));
    }

    /// Lets rules pass a version by. Calls that name it still go to it.
    public void unreachable(ModuleKey key) {
        table.updateAndGet(now -> now.past(key));
    }

    /// Keeps new calls away from a version.
    public void notReady(ModuleKey key) {
        table.updateAndGet(now -> now.without(key));
    }
}

package dev.patchbay.core.deploy;

import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.telemetry.CallLedger;

/// Where calls find a version: the registry that lends it, the rules that choose it, the ledger that counts for it.
record Serving(ModuleRegistry modules, Router router, CallLedger ledger) {

    /// Lets calls in.
    void open(ModuleInstance instance) {
        ledger.added(instance.key());
        modules.put(instance);
        ledger.spends(instance);
        router.ready(instance.key());
    }

    /// Lets an instance with new settings take over; the one before gets no new calls.
    void replace(ModuleInstance after) {
        modules.put(after);
    }

    /// Lets rules pass a version by that misses something; who names it still gets it.
    void passBy(ModuleInstance instance) {
        router.unreachable(instance.key());
    }

    /// Lets rules choose it again.
    void passNoMore(ModuleInstance instance) {
        router.ready(instance.key());
    }

    /// Sends no new calls; those inside go on.
    void close(ModuleInstance instance) {
        router.notReady(instance.key());
        modules.remove(instance);
    }

    /// Forgets a version that ended.
    void forget(ModuleKey key) {
        ledger.removed(key);
    }
}

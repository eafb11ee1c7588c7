package dev.patchbay.concurrency.broken;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.concurrency.Instances;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleLease;
import dev.patchbay.core.registry.ModuleRegistry;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// The broken twin of [dev.patchbay.concurrency.InstanceIsReplaced]: the gate of the old instance closes first, and for
/// a moment there is no instance to hold.
@JCStressTest
@Outcome(
        id = {"1", "2"},
        expect = ACCEPTABLE,
        desc = "in order")
@Outcome(id = "0", expect = FORBIDDEN, desc = "no instance: a call is lost")
@State
public class ClosedBeforeReplaced {

    private static final ModuleKey KEY = new ModuleKey("score", "1.0.0");

    private final ModuleRegistry registry = new ModuleRegistry();
    private final ModuleInstance before = Instances.of(KEY, 1);

    public ClosedBeforeReplaced() {
        registry.put(before);
    }

    @Actor
    public void call(I_Result result) {
        try (ModuleLease lease = registry.lease(KEY)) {
            if (lease != null) {
                result.r1 = lease.instance().number();
            }
        }
    }

    @Actor
    public void replace() {
        before.gate().close();
        registry.put(Instances.of(KEY, 2));
    }
}

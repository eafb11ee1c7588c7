package dev.patchbay.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleLease;
import dev.patchbay.core.registry.ModuleRegistry;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// A version gets new settings: the new instance is entered, then the gate of the old one closes. A call has one of
/// the two, and the one it has is not torn down.
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "the old instance")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "the new instance")
@Outcome(id = "0", expect = FORBIDDEN, desc = "no instance: a call is lost")
@Outcome(id = "3", expect = FORBIDDEN, desc = "torn down under a call")
@State
public class InstanceIsReplaced {

    private static final ModuleKey KEY = new ModuleKey("score", "1.0.0");

    private final ModuleRegistry registry = new ModuleRegistry();
    private final ModuleInstance before = Instances.of(KEY, 1);
    private volatile boolean tornDown;

    public InstanceIsReplaced() {
        registry.put(before);
    }

    @Actor
    public void call(I_Result result) {
        try (ModuleLease lease = registry.lease(KEY)) {
            if (lease != null) {
                boolean gone = lease.instance() == before && tornDown;
                result.r1 = gone ? 3 : lease.instance().number();
            }
        }
    }

    @Actor
    public void replace() {
        registry.put(Instances.of(KEY, 2));
        before.gate().close();
        if (Instances.empty(before.gate())) {
            tornDown = true;
        }
    }
}

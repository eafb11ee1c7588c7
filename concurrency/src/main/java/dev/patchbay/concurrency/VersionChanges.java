package dev.patchbay.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleLease;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.routing.Router;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// The whole of a version change as the gateway makes it: the new version is ready, the config moves traffic, the old
/// version leaves routing and registry, its gate closes, it is torn down. A call routes and holds as the gateway does,
/// looking again when the version it chose has left.
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "the old version")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "the new version")
@Outcome(id = "0", expect = FORBIDDEN, desc = "no version answers: a call is lost")
@Outcome(id = "3", expect = FORBIDDEN, desc = "torn down under a call")
@Outcome(id = "4", expect = FORBIDDEN, desc = "looks for ever")
@State
public class VersionChanges {

    private static final int PATIENCE = 1_000_000;

    private final Router router = new Router();
    private final ModuleRegistry registry = new ModuleRegistry();
    private final ModuleInstance old = Instances.of(Versions.OLD, 1);
    private volatile boolean tornDown;

    public VersionChanges() {
        registry.put(old);
        router.ready(Versions.OLD);
        router.activate(1, Versions.TO_OLD);
    }

    @Actor
    public void call(I_Result result) {
        try {
            for (int look = 0; look < PATIENCE; look++) {
                String version = router.resolve(Versions.CALL).version();
                try (ModuleLease lease = registry.lease(new ModuleKey("score", version))) {
                    if (lease != null) {
                        boolean gone = lease.instance() == old && tornDown;
                        result.r1 = gone ? 3 : lease.instance().number();
                        return;
                    }
                }
                Thread.onSpinWait();
            }
            result.r1 = 4;
        } catch (InferenceException noVersion) {
            result.r1 = 0;
        }
    }

    @Actor
    public void change() {
        registry.put(Instances.of(Versions.NEW, 2));
        router.ready(Versions.NEW);
        router.activate(2, Versions.TO_NEW);
        router.notReady(Versions.OLD);
        registry.remove(old);
        old.gate().close();
        if (Instances.empty(old.gate())) {
            tornDown = true;
        }
    }
}

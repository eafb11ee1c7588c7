package dev.patchbay.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.core.registry.InFlightGate;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// No call is inside after the gate was seen empty, and the gate is always seen empty in the end.
///
/// `r1`: the call was turned away (0), was inside before teardown (1), or met teardown inside (2). `r2`: whether the
/// closer saw it empty at once. `r3`: whether it is empty when all is over.
@JCStressTest
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "closed before the call came")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "the call took its one back after the look")
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the call was inside, and left last")
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "the call was over before")
@Outcome(id = "2, .*", expect = FORBIDDEN, desc = "torn down under a call")
@Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "never seen empty: a version that cannot be retired")
@State
public class GateEmpties {

    private final InFlightGate gate = new InFlightGate();
    private volatile boolean tornDown;

    @Actor
    public void call(III_Result result) {
        if (gate.enter()) {
            result.r1 = tornDown ? 2 : 1;
            gate.exit();
        }
    }

    @Actor
    public void retire(III_Result result) {
        gate.close();
        if (Instances.empty(gate)) {
            tornDown = true;
            result.r2 = 1;
        }
    }

    @Arbiter
    public void end(III_Result result) {
        result.r3 = Instances.empty(gate) ? 1 : 0;
    }
}

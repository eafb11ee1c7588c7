package dev.patchbay.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.core.execution.CancelSignal;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/// A call that joins while a thread of the lane takes its batch and leaves is in exactly one batch, and a call that is
/// cancelled meanwhile is answered once. The actors are the threads of the lane.
///
/// `r1`, `r2`: how often the first and the second call were answered. `r3`: how often the second was before the module;
/// its caller leaves while it is under way. `r4`: calls that the module is not done with.
@JCStressTest
@Outcome(id = "1, 1, 0, 0", expect = ACCEPTABLE, desc = "the second was cancelled before its batch")
@Outcome(id = "1, 1, 1, 0", expect = ACCEPTABLE, desc = "the second was answered, or cancelled inside")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "lost, or more than once")
@State
public class CallsMeetInABatch {

    private final BatchedCalls calls = new BatchedCalls();
    private final BatchedCalls.Asked first = new BatchedCalls.Asked();
    private final BatchedCalls.Asked second = new BatchedCalls.Asked();
    private final CancelSignal leaves = new CancelSignal();

    @Actor
    public void one() {
        calls.ask(first, new CancelSignal());
        leaves.cancel();
    }

    @Actor
    public void another() {
        calls.ask(second, leaves);
    }

    @Arbiter
    public void end(IIII_Result result) {
        result.r1 = first.answers.get();
        result.r2 = second.answers.get();
        result.r3 = second.served.get();
        result.r4 = 2 - first.ends.get() - second.ends.get();
    }
}

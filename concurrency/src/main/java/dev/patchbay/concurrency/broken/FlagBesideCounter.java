package dev.patchbay.concurrency.broken;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// The broken twin of [dev.patchbay.concurrency.GateEmpties]: a flag beside a counter. Between the look at the flag and
/// the count a version is torn down.
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "1, 0", "1, 1"},
        expect = ACCEPTABLE,
        desc = "in order")
@Outcome(id = "2, 1", expect = FORBIDDEN, desc = "torn down under a call")
@State
public class FlagBesideCounter {

    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean closed;
    private volatile boolean tornDown;

    @Actor
    public void call(II_Result result) {
        if (!closed) {
            inside.incrementAndGet();
            result.r1 = tornDown ? 2 : 1;
            inside.decrementAndGet();
        }
    }

    @Actor
    public void retire(II_Result result) {
        closed = true;
        if (inside.get() == 0) {
            tornDown = true;
            result.r2 = 1;
        }
    }
}

package dev.patchbay.concurrency.broken;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// The broken twin of [dev.patchbay.concurrency.CallsMeetInABatch]: the thread sees the line empty and then says that
/// it
/// leaves. A call that joins between the two is left in the line, with nobody to take it.
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both were taken")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "a call is lost")
@State
public class LineSeenEmptyThenLeft {

    private final ConcurrentLinkedQueue<AtomicInteger> line = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger second = new AtomicInteger();

    private void ask(AtomicInteger call) {
        line.add(call);
        if (running.compareAndSet(false, true)) {
            AtomicInteger next;
            while ((next = line.poll()) != null) {
                next.incrementAndGet();
            }
            running.set(false);
        }
    }

    @Actor
    public void one() {
        ask(first);
    }

    @Actor
    public void another() {
        ask(second);
    }

    @Arbiter
    public void end(II_Result result) {
        result.r1 = first.get();
        result.r2 = second.get();
    }
}

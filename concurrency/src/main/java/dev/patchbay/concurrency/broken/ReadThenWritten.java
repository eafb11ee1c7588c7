package dev.patchbay.concurrency.broken;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.concurrency.Versions;
import dev.patchbay.core.routing.RoutingTable;
import java.util.Map;
import java.util.Set;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// The broken twin of [dev.patchbay.concurrency.TwoChangesAtOnce]: the table is read, changed and written, and not in
/// one step.
@JCStressTest
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "both changes hold")
@Outcome(expect = FORBIDDEN, desc = "a change is lost")
@State
public class ReadThenWritten {

    private volatile RoutingTable table = RoutingTable.EMPTY;

    @Actor
    public void becomesReady() {
        RoutingTable now = table;
        table = new RoutingTable(now.revision(), now.routes(), Map.of("score", Set.of(Versions.NEW.version())));
    }

    @Actor
    public void comesIntoForce() {
        RoutingTable now = table;
        table = new RoutingTable(2, now.routes(), now.ready());
    }

    @Arbiter
    public void end(II_Result result) {
        result.r1 = (int) table.revision();
        result.r2 = table.ready().size();
    }
}

package dev.patchbay.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.core.routing.Router;
import dev.patchbay.core.routing.RoutingTable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// A version becomes ready while a config comes into force: both hold afterwards. `r1` is the revision, `r2` the number
/// of ready versions.
@JCStressTest
@Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "both changes hold")
@Outcome(expect = FORBIDDEN, desc = "a change is lost")
@State
public class TwoChangesAtOnce {

    private final Router router = new Router();

    public TwoChangesAtOnce() {
        router.ready(Versions.OLD);
        router.activate(1, Versions.TO_OLD);
    }

    @Actor
    public void becomesReady() {
        router.ready(Versions.NEW);
    }

    @Actor
    public void comesIntoForce() {
        router.activate(2, Versions.TO_NEW);
    }

    @Arbiter
    public void end(II_Result result) {
        RoutingTable table = router.table();
        result.r1 = (int) table.revision();
        result.r2 = table.ready().getOrDefault("score", java.util.Set.of()).size();
    }
}

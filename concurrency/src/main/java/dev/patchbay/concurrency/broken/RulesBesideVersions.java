package dev.patchbay.concurrency.broken;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.patchbay.concurrency.Versions;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.routing.RoutingTable;
import java.util.Set;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// The broken twin of [dev.patchbay.concurrency.VersionChanges]: rules and ready versions are two references. A call
/// that reads the old rules and then the new versions finds none for its rule.
@JCStressTest
@Outcome(
        id = {"1", "2"},
        expect = ACCEPTABLE,
        desc = "in order")
@Outcome(id = "0", expect = FORBIDDEN, desc = "no version answers: a call is lost")
@State
public class RulesBesideVersions {

    private static final RoutingTable BEFORE = table(true);
    private static final RoutingTable AFTER = table(false);

    private volatile RoutingTable rules = BEFORE;
    private volatile RoutingTable versions = BEFORE;

    private static RoutingTable table(boolean old) {
        Router router = new Router();
        router.ready(old ? Versions.OLD : Versions.NEW);
        router.activate(1, old ? Versions.TO_OLD : Versions.TO_NEW);
        return router.table();
    }

    @Actor
    public void call(I_Result result) {
        var resolution = rules.explain(Versions.CALL).resolution();
        String version = resolution == null ? "" : resolution.version();
        boolean ready = versions.ready().getOrDefault("score", Set.of()).contains(version);
        result.r1 = !ready ? 0 : version.equals(Versions.OLD.version()) ? 1 : 2;
    }

    @Actor
    public void change() {
        rules = AFTER;
        versions = AFTER;
    }
}

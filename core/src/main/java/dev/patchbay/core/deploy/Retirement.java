package dev.patchbay.core.deploy;

import dev.patchbay.core.deploy.Deployment.Running;
import dev.patchbay.core.leak.LeakWatch;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of an instance that gets no new calls: drain → teardown → ledger → loader → watch it die.
final class Retirement {

    private static final Logger log = LoggerFactory.getLogger(Retirement.class);
    private static final Supervised.Patience TEARDOWN =
            new Supervised.Patience(Duration.ofSeconds(30), "Its thread is lost until it returns");

    private final LeakWatch leaks;
    private final DeploymentEvents events;

    Retirement(LeakWatch leaks, DeploymentEvents events) {
        this.leaks = leaks;
        this.events = events;
    }

    /// Waits for the calls inside.
    ///
    /// @return whether they ended in time; if not, nothing may be torn down
    boolean drain(Running running, Duration atMost) throws InterruptedException {
        running.instance().gate().close();
        return running.instance().gate().awaitEmpty(atMost);
    }

    /// Ends an instance whose successor has taken over, however long its calls take.
    void replace(Running before) {
        try {
            if (!drain(before, before.config().limits().drain())) {
                log.warn("{} was replaced, but calls inside do not end; it stays until they do", before.instance());
                drainHoweverLong(before);
            }
            end(before);
        } catch (InterruptedException e) {
            log.debug("stopped while {} was draining", before.instance());
        }
    }

    void drainHoweverLong(Running running) throws InterruptedException {
        drain(running, Duration.ofDays(365));
    }

    /// Ends an instance with no call inside.
    ///
    /// @return what the module left undone and the host did for it
    List<String> end(Running running) {
        ModuleStarter.Started started = running.started();
        String name = started.callee().name();
        running.instance().executor().teardownBegins();
        try {
            Supervised.run("teardown", name, started.loader(), TEARDOWN, () -> {
                started.callee().module().teardown();
                return true;
            });
        } catch (DeploymentFailed e) {
            events.teardownFailed(name, e.getMessage());
        }
        running.instance().executor().close();
        List<String> freed = ModuleStarter.giveBack(name, started.ledger(), started.loader());
        leaks.track(name, started.loader());
        return freed;
    }
}

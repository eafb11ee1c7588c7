package dev.patchbay.core.deploy;

import dev.patchbay.core.deploy.Deployment.Running;
import dev.patchbay.core.leak.LeakWatch;
import dev.patchbay.core.registry.ModuleState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of a version: no new calls → drain → teardown → ledger → loader → watch it die.
final class Retirement {

    private static final Logger log = LoggerFactory.getLogger(Retirement.class);
    private static final Supervised.Patience TEARDOWN =
            new Supervised.Patience(Duration.ofSeconds(30), "Its thread is lost until it returns");

    private final Serving serving;
    private final Deployments deployments;
    private final DeploymentThreads threads;
    private final DeploymentEvents events;
    private final LeakWatch leaks;
    private final Consumer<Deployment> changed;
    /// What is on its way to its end, but for those whose calls do not end.
    private final Set<Running> ending = ConcurrentHashMap.newKeySet();

    /// @param changed is told of a deployment that was quarantined or is gone
    Retirement(
            Serving serving,
            Deployments deployments,
            DeploymentThreads threads,
            DeploymentEvents events,
            LeakWatch leaks,
            Consumer<Deployment> changed) {
        this.serving = serving;
        this.deployments = deployments;
        this.threads = threads;
        this.events = events;
        this.leaks = leaks;
        this.changed = changed;
    }

    /// Begins to retire what is ready. Its new calls go elsewhere when this returns; the rest takes its time.
    void begin(Deployment deployment) {
        Running running = takeOut(deployment, new ModuleState.Draining(Instant.now()));
        ending.add(running);
        threads.execute(() -> drainAndEnd(deployment, running));
    }

    /// Keeps calls away from a version whose calls cannot be ended, without touching what they use.
    ///
    /// @param number of the instance that they are inside of; one that was replaced gets no calls anyway
    void quarantine(Deployment deployment, int number, String cause) {
        Running running;
        synchronized (deployments) {
            if (!deployment.state().isLoaded() || !deployment.runs(number)) {
                return;
            }
            running = takeOut(deployment, new ModuleState.Quarantined(Instant.now(), cause));
        }
        quarantined(deployment, running, cause);
        drainAndEnd(deployment, running);
    }

    private Running takeOut(Deployment deployment, ModuleState next) {
        synchronized (deployments) {
            Running running = deployment.running().orElseThrow();
            deployment.state(next);
            serving.close(running.instance());
            return running;
        }
    }

    private void quarantined(Deployment deployment, Running running, String cause) {
        events.quarantined(running.instance(), cause);
        changed.accept(deployment);
    }

    private void drainAndEnd(Deployment deployment, Running running) {
        try {
            Duration patience = running.config().limits().drain();
            if (!drain(running, patience)) {
                if (!(deployment.state() instanceof ModuleState.Quarantined)) {
                    String cause = "%d calls did not end within the drain time of %s; it is not torn down under them"
                            .formatted(running.instance().gate().inside(), Supervised.readable(patience));
                    synchronized (deployments) {
                        deployment.state(new ModuleState.Quarantined(Instant.now(), cause));
                    }
                    quarantined(deployment, running, cause);
                }
                ending.remove(running);
                drainHoweverLong(running);
            }
            deployment.freed(tearDown(running));
            events.freed(running.instance(), deployment.freed());
        } catch (InterruptedException e) {
            log.debug("stopped while {} was draining", running.instance());
            return;
        } catch (RuntimeException | Error e) {
            log.error("ending {} failed inside the gateway; it may have kept something", running.instance(), e);
        } finally {
            ending.remove(running);
        }
        synchronized (deployments) {
            deployment.running(null);
            deployment.state(new ModuleState.Gone(Instant.now()));
            deployments.end(deployment);
            serving.forget(running.instance().key());
        }
        log.info("{} is gone", running.instance());
        changed.accept(deployment);
    }

    /// Ends an instance whose successor has taken over, however long its calls take.
    void replaced(Running before) {
        ending.add(before);
        threads.execute(() -> {
            try {
                if (!drain(before, before.config().limits().drain())) {
                    log.warn("{} was replaced, but calls inside do not end; it stays until they do", before.instance());
                    ending.remove(before);
                    drainHoweverLong(before);
                }
                tearDown(before);
            } catch (InterruptedException e) {
                log.debug("stopped while {} was draining", before.instance());
            } finally {
                ending.remove(before);
            }
        });
    }

    /// Waits until all that has begun to end has ended.
    ///
    /// @return those that have not, as calls are inside
    Collection<Running> await(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!ending.isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(5);
        }
        return List.copyOf(ending);
    }

    /// Waits for the calls inside.
    ///
    /// @return whether they ended in time; if not, nothing may be torn down
    boolean drain(Running running, Duration atMost) throws InterruptedException {
        running.instance().gate().close();
        return running.instance().gate().awaitEmpty(atMost);
    }

    private void drainHoweverLong(Running running) throws InterruptedException {
        drain(running, Duration.ofDays(365));
    }

    /// Ends an instance with no call inside.
    ///
    /// @return what the module left undone and the host did for it
    List<String> tearDown(Running running) {
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

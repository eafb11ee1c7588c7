package dev.patchbay.core.deploy;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads on which versions come and go: two loads at a time, in order; everything else at once. They are
/// platform threads: modules that spin on all carriers of virtual threads must not keep us from retiring them.
final class DeploymentThreads implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeploymentThreads.class);
    private static final int LOADS_AT_A_TIME = 2;

    private final Semaphore loads = new Semaphore(LOADS_AT_A_TIME, true);
    private final AtomicInteger loading = new AtomicInteger();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("patchbay-deploy-", 0).factory());

    /// Loads when it is its turn.
    void load(Runnable load) {
        loading.incrementAndGet();
        threads.execute(() -> {
            try {
                loads.acquire();
                try {
                    load.run();
                } finally {
                    loads.release();
                }
            } catch (InterruptedException e) {
                log.debug("stopped before it was loaded");
            } finally {
                loading.decrementAndGet();
            }
        });
    }

    /// Works on something that is no load, such as a retirement, which may take long; not once the gateway stops.
    void execute(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            log.debug("stopped, so that nothing new begins");
        }
    }

    /// Works after a pause, unless the gateway stops meanwhile.
    void later(Duration pause, Runnable work) {
        try {
            threads.execute(() -> {
                try {
                    Thread.sleep(pause);
                    if (!threads.isShutdown()) {
                        work.run();
                    }
                } catch (InterruptedException e) {
                    log.debug("stopped before it was tried again");
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("stopped, so that nothing is tried again");
        }
    }

    /// Waits until nothing is loading or waiting for its turn.
    ///
    /// @return whether that was so in time
    boolean awaitLoads(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (loading.get() > 0) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(5);
        }
        return true;
    }

    /// Takes nothing new; what runs goes on.
    void stop() {
        threads.shutdown();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

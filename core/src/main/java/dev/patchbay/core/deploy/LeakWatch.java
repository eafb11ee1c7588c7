package dev.patchbay.core.deploy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that the class loaders of retired modules die. A loader that survives several collections is
/// leaked: something in the process still holds a class or object of the module.
final class LeakWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LeakWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final int PATIENCE = 5;

    private static final class Retired {
        private final WeakReference<ClassLoader> loader;
        private volatile int collections;
        private volatile boolean dead;

        Retired(ClassLoader loader) {
            this.loader = new WeakReference<>(loader);
        }
    }

    private final Map<String, Retired> retired = new ConcurrentHashMap<>();
    private final Thread thread;

    LeakWatch() {
        thread = Thread.ofPlatform().daemon().name("patchbay-leak-watch").start(this::watch);
    }

    void track(String name, ClassLoader loader) {
        retired.put(name, new Retired(loader));
    }

    String state(String name) {
        Retired entry = retired.get(name);
        if (entry == null || entry.dead) {
            return "unloaded";
        }
        return entry.collections >= PATIENCE ? "leaked" : "retired";
    }

    long leaked() {
        return retired.values().stream()
                .filter(entry -> !entry.dead && entry.collections >= PATIENCE)
                .count();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                look();
            }
        } catch (InterruptedException e) {
            log.debug("leak watch ended");
        }
    }

    /// Asks for a collection at most once a period, and only while somebody is waiting for one.
    @SuppressWarnings("PMD.DoNotCallGarbageCollectionExplicitly")
    private void look() {
        boolean waiting = false;
        for (Map.Entry<String, Retired> entry : retired.entrySet()) {
            Retired module = entry.getValue();
            if (module.dead) {
                continue;
            }
            if (module.loader.refersTo(null)) {
                module.dead = true;
                retired.remove(entry.getKey());
                log.info("{} is unloaded", entry.getKey());
            } else if (module.collections < PATIENCE) {
                waiting = true;
            }
        }
        if (!waiting) {
            return;
        }
        System.gc();
        for (Map.Entry<String, Retired> entry : retired.entrySet()) {
            Retired module = entry.getValue();
            if (!module.dead && !module.loader.refersTo(null) && ++module.collections == PATIENCE) {
                log.warn(
                        "{} was torn down, but its class loader is still held after {} collections: its memory is lost until restart",
                        entry.getKey(),
                        PATIENCE);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

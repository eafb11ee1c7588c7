package dev.patchbay.server.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What all connections of one listener share.
final class Listening {

    private final HttpSettings settings;
    private final Router router;
    private final Refusals refusals;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong lastOpened = new AtomicLong(System.nanoTime());
    private volatile boolean draining;

    Listening(HttpSettings settings, Router router, Refusals refusals) {
        this.settings = settings;
        this.router = router;
        this.refusals = refusals;
    }

    HttpSettings settings() {
        return settings;
    }

    Router router() {
        return router;
    }

    Refusals refusals() {
        return refusals;
    }

    boolean isFull() {
        return open.get() >= settings.connection().open();
    }

    void opened() {
        open.incrementAndGet();
        lastOpened.set(System.nanoTime());
    }

    void closed() {
        open.decrementAndGet();
    }

    int open() {
        return open.get();
    }

    /// Nanoseconds since a connection was opened last.
    long quietFor() {
        return System.nanoTime() - lastOpened.get();
    }

    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }
}

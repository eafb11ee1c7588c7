package dev.patchbay.core.deploy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything a module instance took from the host, closed in reverse order when the instance is gone.
final class ResourceLedger implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ResourceLedger.class);

    private record Entry(String what, AutoCloseable resource) {}

    private final String owner;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private boolean closed;

    ResourceLedger(String owner) {
        this.owner = owner;
    }

    synchronized <R extends AutoCloseable> R add(String what, R resource) {
        if (closed) {
            close(new Entry(what, resource));
            throw new IllegalStateException(owner + " is retired and can take nothing more from the host");
        }
        entries.push(new Entry(what, resource));
        return resource;
    }

    /// Lists what is held, the newest first.
    synchronized List<String> held() {
        return entries.stream().map(Entry::what).toList();
    }

    @Override
    public void close() {
        List<Entry> left;
        synchronized (this) {
            closed = true;
            left = new ArrayList<>(entries);
            entries.clear();
        }
        left.forEach(this::close);
    }

    private void close(Entry entry) {
        try {
            entry.resource().close();
        } catch (Throwable t) {
            log.warn("{}: closing {} failed: {}", owner, entry.what(), t.toString());
        }
    }
}

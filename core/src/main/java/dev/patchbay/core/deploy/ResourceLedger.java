package dev.patchbay.core.deploy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything a module instance took from the host, closed in reverse order when the instance is gone.
final class ResourceLedger {

    private static final Logger log = LoggerFactory.getLogger(ResourceLedger.class);

    /// @param left tells what the module left undone, as far as it would have been the module's to do; blank if
    ///     nothing
    /// @param over whether the module closed it itself
    private record Entry(String what, AutoCloseable resource, Supplier<String> left, BooleanSupplier over) {}

    private final String owner;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private boolean closed;

    ResourceLedger(String owner) {
        this.owner = owner;
    }

    /// Takes what only the host closes.
    <R extends AutoCloseable> R add(String what, R resource) {
        return lend(what, resource, () -> "", () -> false);
    }

    /// Takes what the module may close itself, as often as it takes one.
    ///
    /// @param left tells what the module left undone when it is closed for it; blank if nothing
    /// @param over tells whether the module closed it
    synchronized <R extends AutoCloseable> R lend(
            String what, R resource, Supplier<String> left, BooleanSupplier over) {
        Entry entry = new Entry(what, resource, left, over);
        if (closed) {
            close(entry);
            throw new IllegalStateException(owner + " is retired and can take nothing more from the host");
        }
        entries.removeIf(other -> other.over().getAsBoolean());
        entries.push(entry);
        return resource;
    }

    /// Lists what is held, the newest first.
    synchronized List<String> held() {
        return entries.stream()
                .filter(entry -> !entry.over().getAsBoolean())
                .map(Entry::what)
                .toList();
    }

    /// Closes everything.
    ///
    /// @return what the module left undone and the host did for it
    List<String> close() {
        List<Entry> open;
        synchronized (this) {
            closed = true;
            open = new ArrayList<>(entries);
            entries.clear();
        }
        List<String> freed = new ArrayList<>();
        for (Entry entry : open) {
            String left = entry.over().getAsBoolean() ? "" : entry.left().get();
            if (!left.isBlank()) {
                freed.add(left);
            }
            close(entry);
        }
        return List.copyOf(freed);
    }

    private void close(Entry entry) {
        try {
            entry.resource().close();
        } catch (Throwable t) {
            log.warn("{}: closing {} failed: {}", owner, entry.what(), t.toString());
        }
    }
}

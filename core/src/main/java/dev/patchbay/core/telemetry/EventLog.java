package dev.patchbay.core.telemetry;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happened that a person may want to know, in words: the latest [#KEPT] events, in memory, and all of them in the
/// log. Safe for threads.
public final class EventLog {

    /// Events that are kept.
    public static final int KEPT = 1_000;

    private static final Logger log = LoggerFactory.getLogger("patchbay.events");

    /// How much it matters.
    public enum Level {
        /// Good to know.
        INFO,
        /// Should be looked at.
        WARN,
        /// Somebody is harmed.
        ALARM;

        /// Gives the word used in APIs.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One event.
    ///
    /// @param number counts up; where to go on reading
    /// @param kind a stable word, such as `rollout-halted`
    /// @param task empty if it is about no task
    /// @param version null if it is about the task as a whole
    public record Event(
            long number,
            Instant time,
            Level level,
            String kind,
            String task,
            @Nullable String version,
            String message) {}

    private final Clock clock;
    private final Deque<Event> latest = new ArrayDeque<>();
    private final List<Consumer<Event>> readers = new CopyOnWriteArrayList<>();
    private long number;

    /// Begins an empty log.
    public EventLog(Clock clock) {
        this.clock = clock;
    }

    /// Tells a reader of every event from now on. It is told in order and must not block.
    public void read(Consumer<Event> reader) {
        readers.add(reader);
    }

    /// Writes an event down.
    public synchronized void add(Level level, String kind, String task, @Nullable String version, String message) {
        Event event = new Event(++number, clock.instant(), level, kind, task, version, message);
        latest.addLast(event);
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
        readers.forEach(reader -> reader.accept(event));
        var line = level == Level.INFO ? log.atInfo() : log.atWarn();
        line.addKeyValue("kind", kind)
                .addKeyValue("task", task)
                .addKeyValue("version", version)
                .log(message);
    }

    /// Lists the events after a number, the oldest first.
    public synchronized List<Event> since(long after) {
        return latest.stream().filter(event -> event.number() > after).toList();
    }
}

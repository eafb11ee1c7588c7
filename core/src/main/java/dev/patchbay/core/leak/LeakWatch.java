package dev.patchbay.core.leak;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that the class loaders of retired modules die. A loader that survives twenty collections and a minute
/// is leaked: something in the process still holds a class or object of the module. So many, because the collections
/// that are asked for run beside the calls: dead objects that are young and dead objects that are old keep each other
/// until the young ones have grown old, after fifteen. And a minute, because a collection says nothing about
/// what is held for a moment, such as a frame that runs. What goes later still is told as well.
///
/// Without asking, a dead loader waits for the next collection of the old generation, which may be hours away. So
/// a collection is asked for while somebody waits for one, but rarely: at most a twentieth of the time goes into
/// them, and after one that freed nothing the next waits twice as long.
public final class LeakWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LeakWatch.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final int SHARE_OF_TIME = 20;
    private static final int PATIENCE = 20;
    /// Collections that stop the process need no more.
    private static final int DECIDED = 5;
    private static final Duration SHORTEST_LEAK = Duration.ofMinutes(1);

    /// What became of a retired loader.
    public enum Fate {
        /// Waits to be collected.
        RETIRED,
        /// Was collected.
        UNLOADED,
        /// Survived several collections and a minute.
        LEAKED;

        /// The name in lower case, as shown to people and scripts.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Path directory;
    private final LeakListener listener;
    private final InstantSource clock;
    private final Map<String, RetiredLoader> retired = new ConcurrentHashMap<>();
    /// Held while collections are counted, so that two requests are not taken for two survivals of one.
    private final ReentrantLock collecting = new ReentrantLock();

    private @Nullable Thread thread;

    /// Makes a watch that looks only when it is told to.
    ///
    /// @param clock tells how long a loader has been retired
    LeakWatch(Path directory, LeakListener listener, InstantSource clock) {
        this.directory = directory;
        this.listener = listener;
        this.clock = clock;
    }

    /// Starts to watch.
    ///
    /// @param directory where the heap is written to while holders are looked for
    public static LeakWatch start(Path directory, LeakListener listener) {
        LeakWatch watch = new LeakWatch(directory, listener, InstantSource.system());
        watch.thread = Thread.ofPlatform().daemon().name("patchbay-leak-watch").start(watch::watch);
        return watch;
    }

    /// Watches a loader from now on; nothing of the gateway may hold it any more.
    ///
    /// @param name tells it apart from all others, such as `behavior_score@3.0.0#1`
    public void track(String name, ClassLoader loader) {
        retired.put(name, new RetiredLoader(name, loader, clock.instant()));
    }

    /// Tells what became of a loader that was tracked once.
    public Fate fate(String name) {
        RetiredLoader loader = retired.get(name);
        return loader == null ? Fate.UNLOADED : loader.fate();
    }

    /// Counts the leaked loaders.
    public long leaked() {
        return retired.values().stream()
                .filter(loader -> loader.fate() == Fate.LEAKED)
                .count();
    }

    /// Lists the loaders that are not collected, the oldest first.
    public List<Survivor> survivors() {
        return retired.values().stream()
                .filter(loader -> loader.fate() != Fate.UNLOADED)
                .map(RetiredLoader::survivor)
                .sorted(Comparator.comparing(Survivor::since))
                .toList();
    }

    /// Asks for collections now, one after the other, and takes what survives five for leaked, however short the
    /// time. For who knows that nothing is going on any more, as tests do.
    public void decide() throws InterruptedException {
        for (int i = 0; i < DECIDED && isWaiting(); i++) {
            Thread.sleep(BETWEEN);
            collect(DECIDED, Duration.ZERO);
        }
    }

    /// Names what holds the loaders. Writes the whole heap to disk and reads it, which stops the process for some
    /// ten milliseconds on a small heap and for seconds on one of gigabytes.
    ///
    /// @param names of loaders, as they were tracked
    /// @return up to three holders for each loader that is alive, the nearest first; none if no path was found
    public Map<String, List<Holder>> holders(Collection<String> names) {
        List<Long> tickets = new ArrayList<>();
        for (String name : names) {
            RetiredLoader loader = retired.get(name);
            if (loader != null) {
                tickets.add(loader.ticket());
            }
        }
        return Holders.find(directory, tickets);
    }

    private void watch() {
        Duration pause = SHORTEST_PAUSE;
        try {
            while (true) {
                Thread.sleep(pause);
                pause = look(pause);
            }
        } catch (InterruptedException e) {
            log.debug("leak watch ended");
        }
    }

    /// @return how long to wait before looking again
    private Duration look(Duration pause) {
        try {
            notice();
            if (!isWaiting()) {
                return SHORTEST_PAUSE;
            }
            long before = System.nanoTime();
            boolean freed = collect();
            Duration cost = Duration.ofNanos(System.nanoTime() - before).multipliedBy(SHARE_OF_TIME);
            Duration next = freed ? SHORTEST_PAUSE : pause.multipliedBy(2);
            Duration bounded = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
            return cost.compareTo(bounded) > 0 ? cost : bounded;
        } catch (RuntimeException | Error e) {
            // the watch goes on even after an OutOfMemoryError that another thread brought about
            log.error("looking for leaks failed", e);
            return LONGEST_PAUSE;
        }
    }

    private boolean isWaiting() {
        return retired.values().stream().anyMatch(loader -> loader.fate() == Fate.RETIRED);
    }

    /// @return whether a loader was freed
    boolean collect() {
        return collect(PATIENCE, SHORTEST_LEAK);
    }

    /// @param patience how many collections a loader must have survived to be leaked
    /// @param shortest how long it must have been retired
    @SuppressWarnings("PMD.DoNotCallGarbageCollectionExplicitly")
    private boolean collect(int patience, Duration shortest) {
        collecting.lock();
        try {
            // one that comes while the collection runs did not survive it
            List<RetiredLoader> before = List.copyOf(retired.values());
            System.gc();
            boolean freed = notice();
            Instant now = clock.instant();
            for (RetiredLoader loader : before) {
                if (loader.survivedAnother(now, patience, shortest)) {
                    listener.leaked(loader.name(), leaked(loader, now));
                }
            }
            return freed;
        } finally {
            collecting.unlock();
        }
    }

    /// Drops the loaders that were collected, by whatever collection.
    private boolean notice() {
        boolean freed = false;
        for (RetiredLoader loader : retired.values()) {
            if (loader.fate() == Fate.UNLOADED && retired.remove(loader.name(), loader)) {
                freed = true;
                log.atInfo().addKeyValue("instance", loader.name()).log("{} is unloaded", loader.name());
                if (loader.wasLeaked()) {
                    listener.unloadedAfterAll(
                            loader.name(),
                            "%s is unloaded after all, %d s after it was torn down: what held it let go, and its memory is free"
                                    .formatted(
                                            loader.name(),
                                            loader.age(clock.instant()).toSeconds()));
                }
            }
        }
        return freed;
    }

    private static String leaked(RetiredLoader loader, Instant now) {
        List<String> threads = loader.threads();
        return "%s was torn down, but its class loader is still held after %d collections in %d s%s: its memory is lost until that lets go. `patchbay leaks --explain` names the holder"
                .formatted(
                        loader.name(),
                        loader.collections(),
                        loader.age(now).toSeconds(),
                        threads.isEmpty() ? "" : ", by " + String.join(", ", threads));
    }

    @Override
    public void close() {
        Thread watching = thread;
        if (watching != null) {
            watching.interrupt();
        }
    }

    /// A loader that is to die. Never asks for its referent: while the collector marks, that would keep it alive.
    static final class RetiredLoader extends WeakReference<ClassLoader> {

        private final String name;
        private final Instant since;
        /// Finds this object in a heap dump, among those of other watches.
        private final long ticket =
                java.util.concurrent.ThreadLocalRandom.current().nextLong();
        private volatile int survived;
        private volatile boolean leaked;

        RetiredLoader(String name, ClassLoader loader, Instant since) {
            super(loader);
            this.name = name;
            this.since = since;
        }

        String name() {
            return name;
        }

        long ticket() {
            return ticket;
        }

        int collections() {
            return survived;
        }

        Duration age(Instant now) {
            return Duration.between(since, now);
        }

        boolean wasLeaked() {
            return leaked;
        }

        Fate fate() {
            if (refersTo(null)) {
                return Fate.UNLOADED;
            }
            return leaked ? Fate.LEAKED : Fate.RETIRED;
        }

        /// Counts a collection that was just done, under the lock of the watch.
        ///
        /// @return whether it is leaked now and was not before
        boolean survivedAnother(Instant now, int patience, Duration shortest) {
            if (refersTo(null)) {
                return false;
            }
            survived = survived + 1;
            if (leaked || survived < patience || age(now).compareTo(shortest) < 0) {
                return false;
            }
            leaked = true;
            return true;
        }

        List<String> threads() {
            return refersTo(null) ? List.of() : ThreadsOf.loader(this::refersTo);
        }

        Survivor survivor() {
            return new Survivor(name, fate(), since, survived, threads());
        }
    }
}

package dev.patchbay.core.leak;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that the class loaders of retired modules die. A loader that survives several collections is
/// leaked: something in the process still holds a class or object of the module.
///
/// Without asking, a dead loader waits for the next collection of the old generation, which may be hours away. So
/// a collection is asked for while somebody waits for one, but rarely: at most a twentieth of the time goes into
/// them, and after one that freed nothing the next waits twice as long.
public final class LeakWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LeakWatch.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final int SHARE_OF_TIME = 20;
    private static final int PATIENCE = 5;

    /// What became of a retired loader.
    public enum Fate {
        /// Waits to be collected.
        RETIRED,
        /// Was collected.
        UNLOADED,
        /// Survived several collections.
        LEAKED;

        /// The name in lower case, as shown to people and scripts.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Path directory;
    private final BiConsumer<String, String> onLeak;
    private final Map<String, RetiredLoader> retired = new ConcurrentHashMap<>();
    /// Held while collections are counted, so that two requests are not taken for two survivals of one.
    private final ReentrantLock collecting = new ReentrantLock();

    private final Thread thread;

    /// Starts to watch.
    ///
    /// @param directory where the heap is written to while holders are looked for
    /// @param onLeak told the name of a loader that is leaked, and that in words
    public LeakWatch(Path directory, BiConsumer<String, String> onLeak) {
        this.directory = directory;
        this.onLeak = onLeak;
        thread = Thread.ofPlatform().daemon().name("patchbay-leak-watch").start(this::watch);
    }

    /// Watches a loader from now on; nothing of the gateway may hold it any more.
    ///
    /// @param name tells it apart from all others, such as `behavior_score@3.0.0#1`
    public void track(String name, ClassLoader loader) {
        retired.put(name, new RetiredLoader(name, loader));
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

    /// Asks for collections now, one after the other, until each loader that was tracked is collected or leaked.
    /// Takes up to five full collections, with moments between them in which threads can end; for tests and for an
    /// operator who asks.
    public void decide() throws InterruptedException {
        for (int i = 0; i < PATIENCE && isWaiting(); i++) {
            Thread.sleep(BETWEEN);
            collect();
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
    @SuppressWarnings("PMD.DoNotCallGarbageCollectionExplicitly")
    private boolean collect() {
        collecting.lock();
        try {
            System.gc();
            boolean freed = notice();
            for (RetiredLoader loader : retired.values()) {
                if (loader.survivedAnother() == PATIENCE) {
                    report(loader);
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
            }
        }
        return freed;
    }

    private void report(RetiredLoader loader) {
        List<String> threads = loader.threads();
        onLeak.accept(
                loader.name(),
                "%s was torn down, but its class loader is still held after %d collections%s: its memory is lost until the process ends. `patchbay leaks --explain` names the holder"
                        .formatted(
                                loader.name(),
                                PATIENCE,
                                threads.isEmpty() ? "" : ", by " + String.join(", ", threads)));
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /// A loader that is to die.
    static final class RetiredLoader extends WeakReference<ClassLoader> {

        private final String name;
        private final Instant since = Instant.now();
        /// Finds this object in a heap dump, among those of other watches.
        private final long ticket =
                java.util.concurrent.ThreadLocalRandom.current().nextLong();
        private volatile int survived;

        RetiredLoader(String name, ClassLoader loader) {
            super(loader);
            this.name = name;
        }

        String name() {
            return name;
        }

        long ticket() {
            return ticket;
        }

        Fate fate() {
            if (refersTo(null)) {
                return Fate.UNLOADED;
            }
            return survived >= PATIENCE ? Fate.LEAKED : Fate.RETIRED;
        }

        /// @return how many collections it survived, with the one just done
        int survivedAnother() {
            survived = survived + 1;
            return survived;
        }

        List<String> threads() {
            ClassLoader loader = get();
            return loader == null ? List.of() : ThreadsOf.loader(loader);
        }

        Survivor survivor() {
            return new Survivor(name, fate(), since, survived, threads());
        }
    }
}

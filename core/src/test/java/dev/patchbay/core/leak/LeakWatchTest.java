package dev.patchbay.core.leak;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A loader that dies is unloaded, one that does not is leaked, and both are told apart by collections, not by time.
class LeakWatchTest {

    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();
    private final ClassLoader held = new URLClassLoader("held", new URL[0], null);
    private Instant now = Instant.EPOCH;
    private LeakWatch watch;

    @BeforeEach
    void make() {
        LeakListener listener = new LeakListener() {
            @Override
            public void leaked(String name, String words) {
                told.add(words);
            }

            @Override
            public void unloadedAfterAll(String name, String words) {
                told.add(words);
            }
        };
        watch = new LeakWatch(directory, listener, () -> now);
    }

    private void trackOneThatDies() {
        watch.track("dying", new URLClassLoader("dying", new URL[0], null));
    }

    @Test
    void whatIsNotHeldIsUnloaded() throws Exception {
        trackOneThatDies();
        watch.decide();
        assertThat(watch.fate("dying")).isEqualTo(LeakWatch.Fate.UNLOADED);
        assertThat(watch.survivors()).isEmpty();
        assertThat(watch.leaked()).isZero();
    }

    @Test
    void whatIsHeldIsLeaked() throws Exception {
        watch.track("held", held);
        assertThat(watch.fate("held")).isEqualTo(LeakWatch.Fate.RETIRED);
        watch.decide();
        assertThat(watch.fate("held")).isEqualTo(LeakWatch.Fate.LEAKED);
        assertThat(watch.leaked()).isEqualTo(1);
        assertThat(told)
                .containsExactly(
                        "held was torn down, but its class loader is still held after 5 collections in 0 s: its memory"
                                + " is lost until that lets go. `patchbay leaks --explain` names the holder");
        assertThat(watch.survivors()).extracting(Survivor::name).containsExactly("held");
        assertThat(watch.survivors().getFirst().collections()).isEqualTo(5);
    }

    /// Holds a loader as long as a test wants it to.
    private static final class Holding {
        private @Nullable ClassLoader loader = new URLClassLoader("late", new URL[0], null);

        ClassLoader loader() {
            return Objects.requireNonNull(loader);
        }

        void letGo() {
            loader = null;
        }
    }

    @Test
    void whatIsLetGoWithinAMinuteIsNeverLeakedHoweverManyCollectionsItSurvives() {
        Holding holding = new Holding();
        watch.track("late", holding.loader());
        now = now.plusSeconds(59);
        for (int i = 0; i < 21; i++) {
            watch.collect();
        }
        assertThat(watch.survivors()).extracting(Survivor::collections).containsExactly(21);
        assertThat(watch.fate("late")).isEqualTo(LeakWatch.Fate.RETIRED);
        holding.letGo();
        watch.collect();
        assertThat(watch.fate("late")).isEqualTo(LeakWatch.Fate.UNLOADED);
        assertThat(told).isEmpty();
    }

    @Test
    void timeAloneIsNoEvidence() {
        watch.track("held", held);
        now = now.plusSeconds(3600);
        for (int i = 0; i < 19; i++) {
            watch.collect();
        }
        assertThat(watch.fate("held")).isEqualTo(LeakWatch.Fate.RETIRED);
        watch.collect();
        assertThat(watch.fate("held")).isEqualTo(LeakWatch.Fate.LEAKED);
        watch.collect();
        assertThat(told).hasSize(1);
    }

    @Test
    void whatIsLetGoAfterItWasLeakedIsUnloadedAndThatIsTold() {
        Holding holding = new Holding();
        watch.track("late", holding.loader());
        now = now.plusSeconds(60);
        for (int i = 0; i < 20; i++) {
            watch.collect();
        }
        assertThat(watch.leaked()).isEqualTo(1);
        holding.letGo();
        now = now.plusSeconds(35);
        assertThat(watch.collect()).isTrue();
        assertThat(watch.leaked()).isZero();
        assertThat(watch.fate("late")).isEqualTo(LeakWatch.Fate.UNLOADED);
        assertThat(told)
                .containsExactly(
                        "late was torn down, but its class loader is still held after 20 collections in 60 s: its memory"
                                + " is lost until that lets go. `patchbay leaks --explain` names the holder",
                        "late is unloaded after all, 95 s after it was torn down: what held it let go, and its memory is free");
    }

    @Test
    void aThreadOfItIsNamedWithoutALookAtTheHeap() throws Exception {
        Thread thread = new Thread(() -> {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setName("lingering");
        thread.setContextClassLoader(held);
        thread.start();
        watch.track("held", held);
        assertThat(watch.survivors().getFirst().threads())
                .containsExactly("thread `lingering`, whose context class loader is the module's");
        thread.interrupt();
        thread.join();
    }

    @Test
    void onlyTheHoldersThatWereAskedForAreLookedFor() {
        watch.track("held", held);
        watch.track("other", new URLClassLoader("other", new URL[0], held));
        assertThat(watch.holders(List.of("never seen"))).isEmpty();
        Map<String, List<Holder>> holders = watch.holders(List.of("held"));
        assertThat(holders).containsOnlyKeys("held");
        List<Holder> found = holders.getOrDefault("held", List.of());
        assertThat(found).isNotEmpty();
        assertThat(found.getFirst().path()).anyMatch(step -> step.endsWith("LeakWatchTest.held"));
    }

    @Test
    void theHeapIsNotKept() throws Exception {
        watch.track("held", held);
        watch.holders(List.of("held"));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}

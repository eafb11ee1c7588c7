package dev.patchbay.core.leak;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A loader that dies is unloaded, one that does not is leaked, and both are told apart by collections, not by time.
class LeakWatchTest {

    @TempDir
    Path directory;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private LeakWatch watch;
    private final ClassLoader held = new URLClassLoader("held", new URL[0], null);

    @BeforeEach
    void start() {
        watch = new LeakWatch(directory, (loader, words) -> told.add(words));
    }

    @AfterEach
    void end() {
        watch.close();
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
                        "held was torn down, but its class loader is still held after 5 collections: its memory"
                                + " is lost until the process ends. `patchbay leaks --explain` names the holder");
        assertThat(watch.survivors()).extracting(Survivor::name).containsExactly("held");
        assertThat(watch.survivors().getFirst().collections()).isEqualTo(5);
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

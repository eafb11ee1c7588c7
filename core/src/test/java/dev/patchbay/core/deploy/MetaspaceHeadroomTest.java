package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A load that does not fit into metaspace is refused before it takes the last of it.
class MetaspaceHeadroomTest {

    private static final long MEBI = 1 << 20;

    @TempDir
    Path directory;

    private final AtomicLong used = new AtomicLong();
    private final AtomicLong collections = new AtomicLong();
    private long freedByCollection;
    private ModuleArtifact artifact;
    private final MetaspaceHeadroom headroom =
            new MetaspaceHeadroom(() -> new MemoryUsage(0, used.get(), used.get(), 100 * MEBI), () -> {
                collections.incrementAndGet();
                used.addAndGet(-freedByCollection);
            });

    @BeforeEach
    void anArtifactWithFiveMebibytesOfClasses() throws Exception {
        Files.write(directory.resolve("Large.class"), new byte[(int) (5 * MEBI)]);
        artifact = new ModuleArtifact("0".repeat(64), directory);
    }

    @Test
    void aLoadThatFitsIsNotHeldUp() {
        used.set(90 * MEBI);
        headroom.require("task", artifact);
        assertThat(collections).hasValue(0);
    }

    @Test
    void aLoadThatDoesNotFitIsRefusedWithWhatToDo() {
        used.set(94 * MEBI);
        assertThatThrownBy(() -> headroom.require("task", artifact))
                .isInstanceOf(DeploymentFailed.class)
                .hasMessage("its classes need about 7 MiB of metaspace, and 6 of 100 MiB are free. What runs goes on."
                        + " Retire versions that nobody uses, see `patchbay leaks`, or raise -XX:MaxMetaspaceSize,"
                        + " and put the artifact there again");
        assertThat(collections).hasValue(1);
    }

    @Test
    void classesOfModulesThatAreGoneMakeRoom() {
        used.set(94 * MEBI);
        freedByCollection = 2 * MEBI;
        headroom.require("task", artifact);
        assertThat(collections).hasValue(1);
    }

    @Test
    void whatTheLastLoadTookIsBetterThanAGuess() {
        used.set(80 * MEBI);
        headroom.require("task", artifact);
        headroom.took("task", 30 * MEBI);
        assertThatThrownBy(() -> headroom.require("task", artifact)).hasMessageContaining("about 32 MiB");
        assertThatCode(() -> headroom.require("another", artifact)).doesNotThrowAnyException();
    }

    @Test
    void withoutALimitThereIsNothingToCheck() {
        var unlimited =
                new MetaspaceHeadroom(() -> new MemoryUsage(0, 1 << 30, 1 << 30, -1), collections::incrementAndGet);
        unlimited.require("task", artifact);
        assertThat(collections).hasValue(0);
    }
}

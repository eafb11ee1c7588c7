package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A version keeps its bytes for ever.
class PublishedVersionsTest {

    @TempDir
    Path directory;

    private Path first;
    private Path other;

    @BeforeEach
    void twoArtifactsOfOneVersion() throws Exception {
        ModuleCompiler compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        SmallModule module = SmallModule.of("score", "1.0.0-rc.1+b");
        first = compiler.jar(Files.createDirectory(directory.resolve("first")), module);
        other = compiler.jar(
                Files.createDirectory(directory.resolve("other")), module.predicting("Thread.onSpinWait();"));
    }

    private LiveCore core() {
        return new LiveCore(directory.resolve("data"));
    }

    private static String deploy(LiveCore core, Path artifact) throws InterruptedException {
        return LiveCore.line(core.deploy(artifact).state());
    }

    private void publishAndRemove(LiveCore core) throws InterruptedException {
        assertThat(deploy(core, first)).isEqualTo("ready");
        core.deployer.disappeared(first);
        core.awaitOnly("");
    }

    @Test
    void otherBytesAreRefusedWhenTheVersionIsGone() throws Exception {
        try (LiveCore core = core()) {
            publishAndRemove(core);
            assertThat(deploy(core, other))
                    .matches(
                            "failed in read: score@1\\.0\\.0-rc\\.1\\+b was published before as sha256:[0-9a-f]{12}, and"
                                    + " this one has other bytes \\(sha256:[0-9a-f]{12}\\)\\. A version never changes: publish it"
                                    + " under a new version");
        }
    }

    @Test
    void theSameBytesMayReturn() throws Exception {
        try (LiveCore core = core()) {
            publishAndRemove(core);
            assertThat(deploy(core, first)).isEqualTo("ready");
        }
    }

    @Test
    void aRestartDoesNotForget() throws Exception {
        try (LiveCore core = core()) {
            publishAndRemove(core);
        }
        try (LiveCore core = core()) {
            assertThat(deploy(core, other)).startsWith("failed in read: score@1.0.0-rc.1+b was published before");
            assertThat(deploy(core, first)).isEqualTo("ready");
        }
    }

    @Test
    void whatNeverBecameReadyMayBeMended() throws Exception {
        ModuleCompiler compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop2")));
        Path broken = compiler.jar(
                Files.createDirectory(directory.resolve("broken")),
                SmallModule.of("score", "1.0.0-rc.1+b").loading("throw new Exception();"));
        try (LiveCore core = core()) {
            assertThat(deploy(core, broken)).startsWith("failed in load");
            assertThat(deploy(core, first)).isEqualTo("ready");
        }
    }
}

package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What teardown leaves undone the host does, and says so.
class FreedResourcesTest {

    @TempDir
    Path directory;

    private ModuleCompiler compiler;
    private LiveCore core;

    @BeforeEach
    void aCore() throws Exception {
        compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        core = new LiveCore(directory.resolve("data"));
    }

    @AfterEach
    void end() throws Exception {
        core.close();
    }

    private List<String> freedAfter(String members) throws InterruptedException {
        Path artifact = compiler.jar(directory, SmallModule.of("taker", "1.0.0").with(members));
        assertThat(LiveCore.line(core.deploy(artifact).state())).isEqualTo("ready");
        core.deployer.disappeared(artifact);
        core.awaitOnly("");
        return core.status("taker", "1.0.0").freed();
    }

    private static String load(String statements) {
        return "public void load(ModuleContext context) throws Exception { " + statements + " }";
    }

    @Test
    void whatIsLeftUndoneIsTold() throws Exception {
        assertThat(freedAfter(load("""
                        CountDownLatch runs = new CountDownLatch(1);
                        context.executor().submit(() -> { runs.countDown(); Thread.sleep(Long.MAX_VALUE); return 1; });
                        runs.await();
                        context.scheduler().scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
                        context.open("Small.class").read();
                        """)))
                .containsExactly(
                        "closed the stream of Small.class",
                        "ended 1 task left in its scheduler",
                        "ended 1 task still running in its executor");
    }

    @Test
    void whatTheModuleEndedItselfIsNotTold() throws Exception {
        assertThat(freedAfter("ExecutorService own; "
                        + load(
                                "own = context.executor(); own.submit(() -> 1).get(); context.open(\"Small.class\").close(); context.http(); context.temporaryDirectory();")
                        + " public void teardown() { own.shutdownNow(); }"))
                .isEmpty();
    }

    @Test
    void aResourceOfItsOwnThatDoesNotCloseStopsNothing() throws Exception {
        assertThat(freedAfter(load("""
                        context.temporaryDirectory();
                        context.own(() -> { throw new Exception("no"); });
                        context.own(() -> { throw new StackOverflowError(); });
                        """))).isEmpty();
        try (Stream<Path> temporary = Files.list(directory.resolve("data").resolve("tmp"))) {
            assertThat(temporary).isEmpty();
        }
    }

    @Test
    void aMeterOutlivesTheInstanceThatIsReplaced() throws Exception {
        core.configure("inference: {taker: {config: {size: 1}}}");
        core.deploy(compiler.jar(
                directory,
                SmallModule.of("taker", "1.0.0")
                        .annotated("config = Small.Settings.class")
                        .with("public record Settings(double size) {} " + load("""
                                                double size = context.config(Settings.class).size();
                                                context.metrics().gauge("size", () -> size);
                                                context.metrics().counter("loads").add(1);
                                                """))));
        core.configure("inference: {taker: {config: {size: 2}}}");
        Awaitility.await().until(() -> !core.deployer.leaks().survivors().isEmpty());
        assertThat(core.meters.get("patchbay.module.size").gauge().value()).isEqualTo(2);
        assertThat(core.meters.get("patchbay.module.loads").counter().count()).isEqualTo(2);
    }
}

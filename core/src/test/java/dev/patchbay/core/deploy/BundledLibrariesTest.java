package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import dev.patchbay.core.leak.LeakWatch;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Modules bring their own libraries: they get those, not the host's and not each other's, and when they go the
/// libraries go with them. The jars are put beside the test classes by the build.
class BundledLibrariesTest {

    private static final Path JARS = Path.of("target", "bundled");

    private static final String JACKSON_2 = """
            static final com.fasterxml.jackson.databind.ObjectMapper JSON = new com.fasterxml.jackson.databind.ObjectMapper();
            static class Box { public double value; }
            static double jackson(double x) throws Exception {
                Box box = JSON.readValue("{\\"value\\": " + x + "}", Box.class);
                return JSON.readTree(JSON.writeValueAsString(box)).get("value").asDouble();
            }
            static int version() { return com.fasterxml.jackson.databind.cfg.PackageVersion.VERSION.getMinorVersion(); }
            """;

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

    private static List<Path> jars(String... folders) throws Exception {
        List<Path> jars = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> files = Files.list(JARS.resolve(folder))) {
                files.sorted().forEach(jars::add);
            }
        }
        return jars;
    }

    private Path deploy(SmallModule module, List<Path> libraries) throws InterruptedException {
        Path artifact = compiler.folder(directory, module, libraries);
        assertThat(LiveCore.line(core.deploy(artifact).state())).isEqualTo("ready");
        return artifact;
    }

    private String ask(String version) throws Exception {
        return LiveCore.said(core.call("bundle", version, "{\"x\": 3}"));
    }

    private void isUnloadedAfter(String version, Path artifact) throws Exception {
        String instance = core.modules
                .find(new ModuleKey("bundle", version))
                .orElseThrow()
                .toString();
        core.deployer.disappeared(artifact);
        while (!(core.status("bundle", version).state() instanceof ModuleState.Gone)) {
            Thread.sleep(5);
        }
        // a library may have a thread that ends a moment after teardown
        for (int i = 0; i < 100 && !isUnloaded(instance); i++) {
            Thread.sleep(100);
            System.gc();
        }
        assertThat(isUnloaded(instance))
                .withFailMessage(() -> "held by " + core.deployer.leaks().holders(List.of(instance)))
                .isTrue();
    }

    private boolean isUnloaded(String instance) {
        return core.deployer.leaks().fate(instance) == LeakWatch.Fate.UNLOADED;
    }

    @Test
    void jacksonGuavaAndNettyOfItsOwn() throws Exception {
        Path artifact = deploy(
                SmallModule.of("bundle", "1.0.0").with(JACKSON_2 + """
                                io.netty.channel.EventLoopGroup group;
                                public void load(ModuleContext context) throws Exception {
                                    group = new io.netty.channel.MultiThreadIoEventLoopGroup(1, io.netty.channel.nio.NioIoHandler.newFactory());
                                    group.submit(() -> 1).get();
                                }
                                public void teardown() {
                                    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
                                }
                                public Answer predict(Question question, Call call) throws Exception {
                                    double x = jackson(question.x());
                                    var counts = com.google.common.collect.HashMultiset.<Double>create(List.of(x, x));
                                    var buffer = io.netty.buffer.PooledByteBufAllocator.DEFAULT.buffer().writeDouble(x * counts.count(x));
                                    try {
                                        return new Answer(group.submit(buffer::readDouble).get());
                                    } finally {
                                        buffer.release();
                                    }
                                }
                                """), jars("jackson-2.22", "guava-33", "netty"));
        assertThat(ask("1.0.0")).isEqualTo("{\"y\":6.0}");
        isUnloadedAfter("1.0.0", artifact);
    }

    @Test
    void anotherJacksonThanTheHosts() throws Exception {
        assertThat(tools.jackson.databind.cfg.PackageVersion.VERSION.getMinorVersion())
                .as("the host's")
                .isNotEqualTo(1);
        Path artifact = deploy(
                SmallModule.of("bundle", "1.0.0")
                        .predicting(
                                "if (tools.jackson.databind.json.JsonMapper.shared().readTree(\"[1]\").size() == 1)"
                                        + " return new Answer(tools.jackson.databind.cfg.PackageVersion.VERSION.getMinorVersion());"),
                jars("jackson-3.1"));
        assertThat(ask("1.0.0")).isEqualTo("{\"y\":1.0}");
        isUnloadedAfter("1.0.0", artifact);
    }

    @Test
    void twoVersionsSideBySideWithDifferentLibraries() throws Exception {
        String body = JACKSON_2
                + " static boolean orThrow() { return java.util.stream.Stream.of(com.google.common.collect.ImmutableMap.Builder.class.getMethods())"
                + ".anyMatch(m -> m.getName().equals(\"buildOrThrow\")); }"
                + " public Answer predict(Question question, Call call) throws Exception {"
                + " return new Answer(jackson(question.x()) * 1000 + version() * 10 + (orThrow() ? 1 : 0)); }";
        Path old = deploy(SmallModule.of("bundle", "1.0.0").with(body), jars("jackson-2.17", "guava-25"));
        Path recent = deploy(SmallModule.of("bundle", "2.0.0").with(body), jars("jackson-2.22", "guava-33"));
        for (int i = 0; i < 10; i++) {
            assertThat(ask("1.0.0")).isEqualTo("{\"y\":3170.0}");
            assertThat(ask("2.0.0")).isEqualTo("{\"y\":3221.0}");
        }
        isUnloadedAfter("1.0.0", old);
        assertThat(ask("2.0.0")).isEqualTo("{\"y\":3221.0}");
        isUnloadedAfter("2.0.0", recent);
    }
}

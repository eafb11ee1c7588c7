package dev.patchbay.core.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Habits are seen in byte code, with the place where they are.
class ArtifactScanTest {

    @TempDir
    Path directory;

    private ModuleCompiler compiler;

    @BeforeEach
    void workshop() throws Exception {
        compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
    }

    private List<Finding> findings(String load) {
        return new ArtifactScan()
                .findings(compiler.compile(SmallModule.of("scanned", "1.0.0").loading(load)), List.of());
    }

    @Test
    void aModuleWithoutHabitsHasNone() {
        assertThat(findings("context.executor().submit(() -> 1); ScopedValue.newInstance();"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    exit             | System.exit(1);
                    exit             | Runtime.getRuntime().halt(1);
                    native           | System.loadLibrary("x");
                    native           | java.lang.foreign.Linker.nativeLinker();
                    processes        | new ProcessBuilder("ls").start();
                    threads          | new Thread(() -> {}).start();
                    threads          | Executors.newFixedThreadPool(2);
                    timers           | new Timer();
                    timers           | CompletableFuture.delayedExecutor(1, TimeUnit.HOURS);
                    shutdown-hooks   | Runtime.getRuntime().addShutdownHook(null);
                    thread-locals    | ThreadLocal.withInitial(Object::new);
                    class-values     | new ClassValue<Object>() { protected Object computeValue(Class<?> c) { return 1; } };
                    cleaners         | java.lang.ref.Cleaner.create();
                    drivers          | java.sql.DriverManager.registerDriver(null);
                    mbeans           | java.lang.management.ManagementFactory.getPlatformMBeanServer().registerMBean(1, null);
                    log-handlers     | java.util.logging.Logger.getLogger("").addHandler(null);
                    security         | java.security.Security.addProvider(null);
                    process-defaults | Locale.setDefault(Locale.ROOT);
                    process-defaults | System.setProperty("a", "b");
                    """)
    void aHabitIsSeen(String id, String statement) {
        assertThat(findings(statement))
                .extracting(finding -> finding.habit().id())
                .containsExactly(id);
    }

    @Test
    void thePlaceIsNamedAndWhatToDoInstead() {
        assertThat(findings("System.exit(1);").getFirst().words())
                .isEqualTo("it ends the process (Small.load):"
                        + " throw an exception instead; nothing in the JVM can stop such a call");
    }

    @Test
    void aThreadLocalThatIsRemovedIsNone() {
        assertThat(findings("ThreadLocal<Object> local = new ThreadLocal<>(); local.set(1); local.remove();"))
                .isEmpty();
    }

    @Test
    void aMethodReferenceIsSeen() {
        assertThat(findings("Runnable exit = () -> {}; java.util.function.IntConsumer end = System::exit;"))
                .extracting(Finding::words)
                .containsExactly("it ends the process (Small.a method reference):"
                        + " throw an exception instead; nothing in the JVM can stop such a call");
    }

    @Test
    void aLibraryIsNamed() {
        Path module = compiler.compile(SmallModule.of("scanned", "1.0.0"));
        Path library = compiler.jar(
                directory.resolve("helper.jar"),
                compiler.compile(
                        "Helper",
                        "public class Helper extends Thread { native void go(); static class Other extends Thread {} }"));
        assertThat(new ArtifactScan().findings(module, List.of(library)))
                .extracting(Finding::words)
                .containsExactly(
                        "helper.jar runs native code (Helper.go): a crash in it ends the gateway, and a library loads"
                                + " for one version at a time: use context.model(), or another process",
                        "helper.jar starts threads of its own (Helper$Other and in 1 more):"
                                + " end them in teardown, or take context.executor() or scheduler()");
    }

    @Test
    void aDamagedClassIsLeftToTheLoader() throws Exception {
        Path module = compiler.compile(SmallModule.of("scanned", "1.0.0"));
        Files.write(module.resolve("Small.class"), new byte[] {1, 2, 3});
        assertThat(new ArtifactScan().findings(module, List.of())).isEmpty();
    }
}

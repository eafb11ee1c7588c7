package dev.patchbay.core.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import java.io.PrintStream;
import java.net.Authenticator;
import java.net.ProxySelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A module for each way to leak. All are deployed, called and retired in one gateway; then one look at the heap
/// tells who is held by what.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeakKindsTest {

    private static final List<LeakKind> KINDS = Stream.of(
                    LeakKinds.freedByTheHost(), LeakKinds.heldByTheProcess(), LeakKinds.notHeld())
            .flatMap(List::stream)
            .toList();

    private final PrintStream output = System.out;
    private final PrintStream errors = System.err;
    private final ProxySelector proxies = ProxySelector.getDefault();
    private final ExecutorService callers = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("shared-caller").factory());
    private final List<String> instances = new ArrayList<>();
    private LiveCore core;
    private Map<String, List<Holder>> holders = Map.of();

    static Stream<LeakKind> kinds() {
        return KINDS.stream();
    }

    @BeforeAll
    void everyKindIsDeployedCalledAndRetired(@TempDir Path directory) throws Exception {
        Path folder = Files.createDirectory(directory.resolve("modules"));
        ModuleCompiler compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        core = new LiveCore(directory.resolve("data"));
        core.deploy(compiler.jar(folder, SmallModule.of("helper", "1.0.0")));
        List<Path> artifacts = IntStream.range(0, KINDS.size())
                .parallel()
                .mapToObj(i -> compiler.jar(folder, KINDS.get(i).module(i)))
                .toList();
        artifacts.forEach(core.deployer::appeared);
        core.settle();
        core.configure("inference: {helper: {default_version: 1.0.0}}");
        for (int i = 0; i < KINDS.size(); i++) {
            assertThat(LiveCore.line(core.status("kind_" + i, "1.0.0").state()))
                    .as(KINDS.get(i).name())
                    .isEqualTo("ready");
            instances.add(core.modules
                    .find(new dev.patchbay.core.registry.ModuleKey("kind_" + i, "1.0.0"))
                    .orElseThrow()
                    .toString());
            String task = "kind_" + i;
            String said = LiveCore.said(
                    callers.submit(() -> core.call(task, "1.0.0", "{\"x\": 1}")).get());
            assertThat(said).as(KINDS.get(i).name()).matches("\\{\"y\":1\\.0}|module-failed: .*|dependency-failed: no");
        }
        artifacts.forEach(core.deployer::disappeared);
        core.awaitOnly("helper");
        LeakWatch leaks = core.deployer.leaks();
        leaks.decide();
        awaitTheDying(leaks);
        holders = leaks.holders(leaks.survivors().stream().map(Survivor::name).toList());
    }

    /// A thread that was interrupted ends when it gets a processor.
    private void awaitTheDying(LeakWatch leaks) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            boolean done = true;
            for (int kind = 0; kind < KINDS.size(); kind++) {
                boolean dies = KINDS.get(kind).fate() instanceof LeakKind.Fate.Freed
                        || KINDS.get(kind).fate() instanceof LeakKind.Fate.Harmless;
                done &= !dies || leaks.fate(instances.get(kind)) == LeakWatch.Fate.UNLOADED;
            }
            if (done) {
                return;
            }
            Thread.sleep(100);
            System.gc();
        }
    }

    @AfterAll
    void theProcessIsAsBefore() throws Exception {
        core.close();
        callers.shutdownNow();
        System.setOut(output);
        System.setErr(errors);
        ProxySelector.setDefault(proxies);
        Authenticator.setDefault(null);
        System.getProperties().remove("small.handle");
        Thread.setDefaultUncaughtExceptionHandler(null);
        java.security.Security.removeProvider("small");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void fate(LeakKind kind) {
        String instance = instances.get(KINDS.indexOf(kind));
        LeakWatch.Fate fate = core.deployer.leaks().fate(instance);
        List<Holder> found = holders.getOrDefault(instance, List.of());
        switch (kind.fate()) {
            case LeakKind.Fate.Freed _, LeakKind.Fate.Harmless _ ->
                assertThat(fate).as("held by %s", found).isEqualTo(LeakWatch.Fate.UNLOADED);
            case LeakKind.Fate.Held(String word, String words) -> isNamed(fate, found, false, word, words);
            case LeakKind.Fate.HeldSoftly(String word, String words) -> isNamed(fate, found, true, word, words);
        }
    }

    private static void isNamed(LeakWatch.Fate fate, List<Holder> found, boolean soft, String kind, String words) {
        assertThat(fate).isEqualTo(LeakWatch.Fate.LEAKED);
        assertThat(found).as("holders").isNotEmpty();
        assertThat(found.getFirst().words()).as("%s", found).matches(words);
        assertThat(found.getFirst().kind()).isEqualTo(kind);
        assertThat(found.getFirst().soft()).isEqualTo(soft);
        assertThat(found.getFirst().remedy()).isNotEmpty();
    }
}

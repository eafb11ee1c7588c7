package dev.patchbay.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.golden.GoldenDocument;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// Compiles and runs what `docs/module-author.md` and `docs/golden.md` show.
final class AuthorPageTest {

    private static final Path DOCS = Path.of("../docs");

    @TempDir
    private Path project;

    record Person(String name) {}

    record Words(String text) {}

    @Test
    void theModuleOnThePageAnswersAndItsTestPasses() throws Exception {
        List<String> blocks = blocks("module-author.md", "java");
        assertThat(blocks).hasSize(2);
        Path module = write("src/main/java/greeting/Greeting.java", """
                package greeting;

                import dev.patchbay.api.*;
                import dev.patchbay.api.Module;
                import jakarta.validation.constraints.*;
                import java.util.Optional;

                """ + blocks.get(0));
        assertThat(module).exists();

        try (ModuleSuite suite = ModuleSuite.start(TestPlan.of(project))) {
            RunningModule running = suite.module();
            assertThat(running.predict(new Person("Ada"), Words.class)).isEqualTo(new Words("Hello, Ada"));
            TestReport report = suite.run(suite.all(), result -> {});
            assertThat(report.isPassed()).isTrue();
        }

        Path test = write("src/test/java/greeting/GreetingTest.java", """
                package greeting;

                import static org.assertj.core.api.Assertions.assertThat;

                import dev.patchbay.testkit.RunningModule;
                import dev.patchbay.testkit.junit.*;
                import org.junit.jupiter.api.Test;

                """ + blocks.get(1));
        runTest(test);
    }

    private void runTest(Path source) throws Exception {
        Path classes = Files.createDirectories(project.resolve("target/test-classes"));
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", classes.toString(), "-cp", classPath(), source.toString());
        assertThat(compiled).isZero();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            SummaryGeneratingListener results = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(
                                            DiscoverySelectors.selectClass(loader.loadClass("greeting.GreetingTest")))
                                    .build(),
                            results);
            assertThat(results.getSummary().getFailures()).isEmpty();
            assertThat(results.getSummary().getTestsSucceededCount()).isGreaterThan(10);
        }
    }

    /// Surefire hands its class path over in a manifest.
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @Test
    void theGoldenFilesOnThePageCanBeRead() throws Exception {
        List<String> blocks = new ArrayList<>(blocks("golden.md", "yaml"));
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(3);
        for (String block : blocks) {
            if (block.startsWith("rules:")) {
                continue;
            }
            String text = block.replace("{…}", "{x: 1}");
            assertThat(GoldenDocument.read("page.yaml", text, path -> "{}").cases())
                    .as(block)
                    .isNotEmpty();
        }
    }

    private Path write(String name, String text) throws Exception {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static List<String> blocks(String page, String language) throws Exception {
        return Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(Files.readString(DOCS.resolve(page)))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }
}

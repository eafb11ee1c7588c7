package dev.patchbay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testkit.project.ProjectTemplate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A module that ends the process does not end the test well.
final class ExitNoticeTest {

    @TempDir
    private Path home;

    private Path project;
    private Path source;

    @BeforeEach
    void make() throws Exception {
        project = home.resolve("ticket_priority");
        new ProjectTemplate("ticket_priority", "com.example.tickets", "support", "1").write(project);
        source = project.resolve("src/main/java/com/example/tickets/TicketPriority.java");
    }

    @Test
    void whoExitsInLoadIsNamedAndFails() throws Exception {
        Files.writeString(
                source, Files.readString(source).replace("settings = context", "System.exit(0); settings = context"));
        assertThat(told())
                .matches(
                        "(?s)3 .*error: ticket_priority@1\\.0\\.0 calls System\\.exit at com\\.example\\.tickets\\.TicketPriority\\.load:\\d+;"
                                + " a module must not end the process, which is the gateway's\\. No check after that was made\n");
    }

    @Test
    void aModuleThatDoesNotIsNotNamed() throws Exception {
        assertThat(told()).startsWith("0 ").doesNotContain("System.exit");
    }

    private String told() throws Exception {
        Path out = home.resolve("out");
        Process command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "dev.patchbay.cli.Patchbay",
                        "test",
                        project.toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(command.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            command.destroy();
        }
        return command.exitValue() + " " + Files.readString(out);
    }
}

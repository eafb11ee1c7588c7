package dev.patchbay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.server.GatewayServer;
import dev.patchbay.server.ServeOptions;
import dev.patchbay.testkit.project.ModuleJar;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.project.ProjectTemplate;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Only what nobody uses is taken away, and it can be had back.
final class RetireCommandTest {

    @TempDir
    private Path home;

    private GatewayServer server;

    @BeforeEach
    void serveTwoVersions() throws Exception {
        Path project = home.resolve("project");
        new ProjectTemplate("ticket_priority", "com.example.tickets", "support", "1").write(project);
        Path modules = Files.createDirectories(home.resolve("served/modules"));
        ModuleJar.pack(ModuleProject.at(project).artifact(), modules.resolve("old.jar"));
        Path source = project.resolve("src/main/java/com/example/tickets/TicketPriority.java");
        Files.writeString(source, Files.readString(source).replace("\"1.0.0\"", "\"1.1.0\""));
        ModuleJar.pack(ModuleProject.at(project).artifact(), modules.resolve("new.jar"));
        Files.writeString(
                home.resolve("served/patchbay.yaml"), "inference: {ticket_priority: {default_version: \"1.0.0\"}}");
        server = GatewayServer.start(new ServeOptions(home.resolve("served"), null, "127.0.0.1", 0, 0, "test"));
        // a gateway waits for default versions only
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Pattern.compile("1\\.1\\.0 +ready")
                        .matcher(patchbay("modules"))
                        .find());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private String patchbay(String... arguments) {
        StringWriter said = new StringWriter();
        String[] all = new String[arguments.length + 2];
        all[0] = "--server=http://127.0.0.1:" + server.port();
        all[1] = "--admin=http://127.0.0.1:" + server.adminPort();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        PrintWriter out = new PrintWriter(said);
        return Patchbay.run(out, out, all) + " " + said;
    }

    @Test
    void whatARuleNamesStays() {
        assertThat(patchbay("retire", "ticket_priority", "1.0.0", "--force"))
                .startsWith(
                        "1 error: conflict — ticket_priority@1.0.0 is still named by default_version in inference.ticket_priority. Route its callers elsewhere first");
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(patchbay("retire", "ticket_priority", "9.0.0"))
                .startsWith("1 error: unknown-version — There is no version ticket_priority@9.0.0.");
    }

    @Test
    void whatSomebodyCalledStaysUnlessItIsForcedAndComesBackWhenItIsUndone() {
        String call = "{\"text\": \"The lamp is broken\"}";
        assertThat(patchbay("try", "ticket_priority", call, "--version", "1.1.0", "--tenant", "acme"))
                .startsWith("0 ");
        assertThat(patchbay("retire", "ticket_priority", "1.1.0"))
                .matches(
                        "1 error: ticket_priority 1\\.1\\.0 is not retired: no rule names it, but it was last called \\d+ s ago;"
                                + " it was called by acme \\(1 calls\\)\\. Who names it would get unknown-version; --force retires it all the same\\n");

        assertThat(patchbay("retire", "ticket_priority", "1.1.0", "--force")).isEqualTo("""
                        0 ✔ ticket_priority 1.1.0 is gone: no call was inside, it is torn down
                        ✔ its classes are unloaded
                          undo: patchbay retire ticket_priority 1.1.0 --undo
                        """);
        assertThat(home.resolve("served/modules/.retired/new.jar")).exists();
        assertThat(patchbay("try", "ticket_priority", call, "--version", "1.1.0"))
                .contains("unknown-version");

        assertThat(patchbay("retire", "ticket_priority", "1.1.0", "--undo"))
                .isEqualTo("0 ✔ ticket_priority 1.1.0 is ready again\n");
        assertThat(patchbay("try", "ticket_priority", call, "--version", "1.1.0"))
                .startsWith("0 ");
    }
}

package dev.patchbay.cli;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.server.GatewayServer;
import dev.patchbay.server.ServeOptions;
import dev.patchbay.testkit.project.ProjectTemplate;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DevLoopTest {

    private final StringWriter said = new StringWriter();

    @TempDir
    private Path project;

    @BeforeEach
    void make() throws Exception {
        new ProjectTemplate("ticket_priority", "com.example.tickets", "support", "1").write(project);
    }

    @Test
    void aSavedFileAnswersWhenItPassesItsTestsAndDoesNotWhenItFails() throws Exception {
        try (DevLoop loop = new DevLoop(project, new PrintWriter(said))) {
            assertThat(loop.begin()).isTrue();
            try (GatewayServer server =
                    GatewayServer.start(new ServeOptions(loop.served(), null, "127.0.0.1", 0, 0, "test"))) {
                Client client =
                        new Client("http://127.0.0.1:" + server.port(), "http://127.0.0.1:" + server.adminPort());
                loop.watch(client);
                assertThat(label(client)).isEqualTo("1.0.0-dev.1 low");

                // the cases say that a broken lamp is not urgent
                save("settings.highAbove()", "0.1");
                await().atMost(ofSeconds(60)).until(() -> said.toString().contains("the last good build goes on"));
                assertThat(said.toString()).contains("/label must be \"low\", but is \"high\"");
                assertThat(label(client)).isEqualTo("1.0.0-dev.1 low");

                save("> 0.1", "> 0.4");
                await().atMost(ofSeconds(60)).until(() -> said.toString().contains("dev.2 answers"));
                assertThat(label(client)).isEqualTo("1.0.0-dev.2 low");
            }
        }
    }

    @Test
    void aProjectThatDoesNotCompileIsNotServed() throws Exception {
        save("found / 3.0", "found / ");

        try (DevLoop loop = new DevLoop(project, new PrintWriter(said))) {
            assertThat(loop.begin()).isFalse();
        }

        assertThat(said.toString())
                .contains("does not compile:\ncom/example/tickets/TicketPriority.java:")
                .contains("illegal start of expression");
    }

    private void save(String before, String after) throws Exception {
        Path source = project.resolve("src/main/java/com/example/tickets/TicketPriority.java");
        String text = Files.readString(source);
        assertThat(text).contains(before);
        Files.writeString(source, text.replace(before, after));
    }

    private static String label(Client client) {
        var response = client.call(
                HttpRequest.newBuilder()
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"text\": \"The lamp is broken\"}")),
                "/v1/inference/ticket_priority");
        return response.headers().firstValue("inference-version").orElse("")
                + " "
                + Client.JSON.readTree(response.body()).path("label").asString("");
    }
}

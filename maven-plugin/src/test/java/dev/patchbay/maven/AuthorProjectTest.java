package dev.patchbay.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.server.GatewayServer;
import dev.patchbay.server.ServeOptions;
import dev.patchbay.testkit.project.ProjectTemplate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The goals, in a project that `patchbay new` makes, built by a Maven of its own.
final class AuthorProjectTest {

    private static final String ASKED = "{\"text\": \"The lift is broken, please come now, it is urgent\"}";

    @TempDir
    private static Path home;

    @TempDir
    private Path project;

    private static AuthorsMaven maven = new AuthorsMaven(Path.of(""));

    @BeforeAll
    static void prepare() throws Exception {
        maven = AuthorsMaven.with(Path.of("target", "authors-repository").toAbsolutePath());
    }

    @BeforeEach
    void make() throws Exception {
        new ProjectTemplate(
                        "ticket_priority", "com.example.tickets", "support", System.getProperty("patchbay.version", ""))
                .write(project);
    }

    @Test
    void aBuildRunsTheChecksAndMakesTheJarThatAGatewayDeploys() throws Exception {
        AuthorsMaven.Outcome build = maven.run(project, "verify");

        assertThat(build.said()).contains("BUILD SUCCESS").containsPattern("Tests run: [1-9]\\d, Failures: 0");
        try (ZipFile jar = new ZipFile(
                project.resolve("target/ticket-priority-1.0.0-module.jar").toFile())) {
            assertThat(jar.getEntry("META-INF/patchbay/module.json")).isNotNull();
        }
    }

    @Test
    void aModuleIsCheckedAndBroughtToAGateway() throws Exception {
        Path served = Files.createDirectory(home.resolve("served"));
        Files.writeString(served.resolve("patchbay.yaml"), "inference: {}");
        try (GatewayServer server = GatewayServer.start(new ServeOptions(served, null, "127.0.0.1", 0, 0, "test"))) {
            AuthorsMaven.Outcome build = maven.run(
                    project,
                    "patchbay:test",
                    "patchbay:deploy",
                    "-Dpatchbay.report=target/report.html",
                    "-Dpatchbay.admin=http://127.0.0.1:" + server.adminPort());

            assertThat(build.said()).contains("ticket_priority 1.0.0 is ready");
            assertThat(project.resolve("target/report.html")).exists();
            assertThat(ask(server.port(), "/versions/1.0.0")).isEqualTo("200 {\"score\":1.0,\"label\":\"high\"}");
        }
    }

    @Test
    void aGoldenCaseThatDoesNotHoldFailsTheBuild() throws Exception {
        Path cases = project.resolve("src/main/resources/golden/cases.yaml");
        Files.writeString(
                cases, Files.readString(cases).replace("answer: {score: 1, label: high}", "answer: {score: 2}"));

        AuthorsMaven.Outcome build = maven.run(project, "patchbay:test");

        assertThat(build.exitCode()).isNotZero();
        assertThat(build.said())
                .contains("/score must be 2, but is 1")
                .contains("patchbay test")
                .contains("see above");
    }

    @Test
    void aModuleIsServedWhileItIsWorkedOn() throws Exception {
        Path log = project.resolve(".dev.log");
        Process dev = maven.start(project, log, "patchbay:dev", "-Dpatchbay.port=0", "-Dpatchbay.adminPort=0");
        try {
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> !dev.isAlive() || Files.readString(log).contains("watching"));
            String said = Files.readString(log);
            Matcher port = Pattern.compile("API +http://localhost:(\\d+)/").matcher(said);
            assertThat(port.find()).as(said).isTrue();
            int at = Integer.parseInt(port.group(1));
            assertThat(ask(at, "")).isEqualTo("200 {\"score\":1.0,\"label\":\"high\"}");
        } finally {
            dev.destroy();
            assertThat(dev.waitFor(Duration.ofMinutes(1))).isTrue();
        }
    }

    private static String ask(int port, String version) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/v1/inference/ticket_priority" + version))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ASKED))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }
}

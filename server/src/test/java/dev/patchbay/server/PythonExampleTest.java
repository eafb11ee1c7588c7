package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// `examples/triage` as it is served, docs/python.md, which shows it, and the Python side's own tests.
class PythonExampleTest {

    private static final Path EXAMPLE = Path.of("../examples/triage");
    private static final Path MODULE = EXAMPLE.resolve("modules/ticket_priority-1.0.0");

    @Test
    void theExampleAnswersItsRequest() throws Exception {
        GatewayServer server =
                GatewayServer.start(new ServeOptions(EXAMPLE.toRealPath(), null, "127.0.0.1", 0, 0, "tests"));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + server.port() + "/v1/inference/ticket_priority"))
                            .POST(HttpRequest.BodyPublishers.ofFile(EXAMPLE.resolve("requests/ticket_priority.json")))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body())
                    .isEqualTo(
                            "{\"priority\":\"urgent\",\"confidence\":0.9168273035060777,\"because\":[\"stuck\",\"please\",\"now\"]}");
        } finally {
            server.close();
        }
        assertThat(MODULE.resolve("__pycache__")).doesNotExist();
    }

    @Test
    void thePageShowsTheExample() throws Exception {
        String page = Files.readString(Path.of("../docs/python.md"));
        assertThat(page)
                .contains("```python\n# priority.py\n" + Files.readString(MODULE.resolve("priority.py")) + "```\n")
                .contains("```yaml\n# module.yaml\n" + Files.readString(MODULE.resolve("module.yaml")) + "```\n");
    }

    @Test
    void thePythonSidePassesItsOwnTests() throws Exception {
        Path python = Path.of("../runtimes/python/python").toRealPath();
        ProcessBuilder builder = new ProcessBuilder("python3", "-B", "-m", "unittest", "discover", "-s", "tests")
                .directory(python.toFile())
                .redirectErrorStream(true);
        builder.environment().put("PYTHONPATH", python.toString());
        Process tests = builder.start();
        String output = new String(tests.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(tests.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(tests.exitValue()).as(output).isZero();
        assertThat(output).containsPattern("Ran [1-9]\\d* tests");
    }
}

package dev.patchbay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Folders with modules that are no Java pass their tests as they are made.
class NewCommandTest {

    private static final Path MODELS = Path.of("../runtimes/agreement/src/test/models");

    @TempDir
    private Path home;

    private record Said(int exit, String out, String err) {}

    private Said run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Patchbay.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Said(exit, out.toString(), err.toString());
    }

    private static TestReport tested(Path module) throws Exception {
        try (ModuleSuite suite = ModuleSuite.start(TestPlan.of(module))) {
            return suite.run(suite.all(), result -> {});
        }
    }

    @Test
    void a_python_class_passes_its_tests() throws Exception {
        Path folder = home.resolve("made");
        Said said = run("new", "ticket_priority", "--python", "--owner", "support", "--dir", folder.toString());
        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out()).contains("patchbay serve " + folder);
        TestReport report = tested(folder.resolve("modules/ticket_priority-1.0.0"));
        assertThat(report.isPassed()).as(report.toString()).isTrue();
        assertThat(report.of(Check.Kind.GOLDEN)).hasSize(6);
    }

    @Test
    void a_service_passes_its_tests() throws Exception {
        HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/v1/score", exchange -> {
            byte[] answer = "{\"score\": 0.5, \"model\": \"a\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        service.start();
        try {
            Path folder = home.resolve("made");
            String url = "http://127.0.0.1:" + service.getAddress().getPort() + "/v1/score";
            Said said = run("new", "urgency", "--remote", url, "--dir", folder.toString());
            assertThat(said.exit()).as(said.err()).isZero();
            TestReport report = tested(folder.resolve("modules/urgency-1.0.0"));
            assertThat(report.isPassed()).as(report.toString()).isTrue();
            assertThat(report.of(Check.Kind.GOLDEN)).hasSize(2);
        } finally {
            service.stop(0);
        }
    }

    @Test
    void a_model_file_passes_its_tests() throws Exception {
        Path folder = home.resolve("made");
        Said said = run(
                "new", "flower", "--model", MODELS.resolve("onnx/flower.onnx").toString(), "--dir", folder.toString());
        assertThat(said.exit()).as(said.err()).isZero();
        TestReport report = tested(folder.resolve("modules/flower-1.0.0"));
        assertThat(report.isPassed()).as(report.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"pmml/flower.pmml, pmml", "torchscript/flower.pt, torchscript", "tensorflow/flower, tensorflow"})
    void a_model_is_known_by_its_name(String model, String format) throws Exception {
        Path folder = home.resolve("made");
        Said said = run("new", "flower", "--model", MODELS.resolve(model).toString(), "--dir", folder.toString());
        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(folder.resolve("modules/flower-1.0.0/module.yaml"))
                .content()
                .contains(format + ":\n  model: " + Path.of(model).getFileName())
                .doesNotContain("{{");
        assertThat(folder.resolve("modules/flower-1.0.0").resolve(Path.of(model).getFileName()))
                .exists();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --model=nowhere.onnx | there is no model 'nowhere.onnx'
            --model=pom.xml | 'pom.xml' is no model that can be told by its name: .onnx
            --remote=ftp://x | 'ftp://x' is no address of a server; write one such as https://scores.example.com/v1
            """)
    void what_cannot_be_made_is_said(String option, String words) {
        Path folder = home.resolve("made");
        Said said = run("new", "flower", option, "--dir", folder.toString());
        assertThat(said.exit()).isNotZero();
        assertThat(said.err()).contains(words);
        assertThat(Files.exists(folder)).isFalse();
    }

    @Test
    void a_server_of_tensors_has_its_name_to_fill_in() throws Exception {
        Path folder = home.resolve("made");
        assertThat(run("new", "flower", "--remote", "grpc://models:8001", "--dir", folder.toString())
                        .exit())
                .isZero();
        assertThat(folder.resolve("modules/flower-1.0.0/module.yaml"))
                .content()
                .contains("url: grpc://models:8001\n  model: flower");
    }
}

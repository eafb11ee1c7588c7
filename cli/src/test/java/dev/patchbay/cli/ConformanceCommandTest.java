package dev.patchbay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.server.GatewayServer;
import dev.patchbay.server.ServeOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The gateway keeps the protocol, asked as anybody would ask any server.
class ConformanceCommandTest {

    private static final Path MODEL = Path.of("../examples/pets/behavior-score-3.0.0/src/main/resources/behavior.onnx");

    @TempDir
    Path folder;

    private record Printed(int exitCode, String out, String err) {}

    private static Printed patchbay(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Patchbay.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Printed(exitCode, out.toString(), err.toString());
    }

    @Test
    void theGatewayKeepsEveryRule() throws Exception {
        Path module = Files.createDirectories(folder.resolve("modules/score-1.0.0"));
        Files.copy(MODEL, module.resolve("model.onnx"));
        Files.writeString(module.resolve("module.yaml"), """
                task: score
                version: 1.0.0
                owner: tests
                onnx: {model: model.onnx}
                """);
        Files.writeString(folder.resolve("patchbay.yaml"), "inference: {score: {default_version: 1.0.0}}\n");
        try (GatewayServer gateway = GatewayServer.start(new ServeOptions(folder, null, "127.0.0.1", 0, 0, "tests"))) {
            Printed report = patchbay("conformance", "http://127.0.0.1:" + gateway.port() + "/");
            assertThat(report.exitCode()).as(report.out() + report.err()).isZero();
            assertThat(report.out())
                    .contains("keeps the protocol")
                    .contains(" 0 broken")
                    .contains("model score")
                    .contains("✔ kept     infer-id")
                    .contains("✔ kept     grpc-infer-raw")
                    .contains("✔ kept     grpc-refuses-unknown-output")
                    .doesNotContain("! warning");
            assertThat(patchbay("--json", "conformance", "http://127.0.0.1:" + gateway.port())
                            .out())
                    .startsWith("{\"model\":\"score\",\"conforms\":true,\"rules\":[{\"id\":\"server-live\"");
        }
        Printed nobody = patchbay("conformance", "http://127.0.0.1:1");
        assertThat(nobody.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(patchbay("conformance", "http://127.0.0.1:1", "--request", "x.json")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }
}

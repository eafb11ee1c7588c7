package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every curl of docs/oip.md is answered, and as the page says.
class OipPageTest {

    private static final Pattern CURL =
            Pattern.compile("^\\$ curl localhost:8080(\\S+)(?: -d '([^']*)')?\\n((?:[^$`].*\\n)*)", Pattern.MULTILINE);

    @TempDir
    static Path folder;

    static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("served"), """
                        inference:
                          fraud_score: {default_version: 1.0.0}
                          greeting: {default_version: 1.0.0}
                        """)
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"));
        Path fraud = Files.createDirectories(gateway.module("fraud_score-1.0.0"));
        Files.copy(Path.of("src", "test", "resources", "fraud.onnx"), fraud.resolve("fraud.onnx"));
        Files.writeString(
                fraud.resolve("module.yaml"),
                "task: fraud_score\nversion: 1.0.0\nowner: risk\nonnx: {model: fraud.onnx}\n");
        gateway.start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    @TestFactory
    List<DynamicTest> everyCommandOfThePage() throws Exception {
        Matcher curl = CURL.matcher(Files.readString(Path.of("..", "docs", "oip.md")));
        List<DynamicTest> commands = new ArrayList<>();
        while (curl.find()) {
            String path = curl.group(1);
            String body = curl.group(2);
            String shown = curl.group(3).strip();
            commands.add(DynamicTest.dynamicTest(path, () -> {
                HttpResponse<String> answer = body == null ? gateway.get(path) : gateway.post(path, body);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                if (!shown.isEmpty()) {
                    assertThat(answer.body()).isEqualTo(shown);
                }
            }));
        }
        assertThat(commands).hasSizeGreaterThanOrEqualTo(3);
        return commands;
    }
}

package dev.patchbay.testkit.authors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mistakes that authors make, and what they are told: what is wrong, where, and what to do.
final class AuthorErrorsTest {

    private static final String HEAD = """
            package bad;

            import dev.patchbay.api.*;
            import jakarta.validation.constraints.*;
            import java.util.*;

            """;

    private static final String MODULE =
            "@dev.patchbay.api.Module(task = \"bad\", version = \"1.0.0\", owner = \"tests\")\n";
    private static final String CLASS =
            "public final class Bad implements InferenceModule<Bad.Request, Bad.Answer> {\n";
    private static final String TYPES = "public record Request(int x) {}\npublic record Answer(int y) {}\n";
    private static final String PREDICT =
            "public Answer predict(Request request, Call call) { return new Answer(request.x()); }\n";

    @TempDir
    private Path home;

    @Test
    void aTaskNameThatCannotBe() throws Exception {
        assertThat(told(MODULE.replace("\"bad\"", "\"Bad-Task\"") + CLASS + TYPES + PREDICT + "}"))
                .contains("bad/Bad.java:")
                .contains("task 'Bad-Task': a task's name has lower-case letters, digits and '_'");
    }

    @Test
    void aVersionThatIsNone() throws Exception {
        assertThat(told(MODULE.replace("1.0.0", "1.0") + CLASS + TYPES + PREDICT + "}"))
                .contains("version '1.0' is no SemVer such as 1.0.0");
    }

    @Test
    void noConstructorWithoutParameters() throws Exception {
        assertThat(told(MODULE + CLASS + TYPES + "public Bad(String path) {}\n" + PREDICT + "}"))
                .contains("a module has a public constructor without parameters; take what it needs in load");
    }

    @Test
    void aRequestThatIsNoRecord() throws Exception {
        assertThat(told(MODULE
                        + "public final class Bad implements InferenceModule<String, Bad.Answer> {\n"
                        + "public record Answer(int y) {}\n"
                        + "public Answer predict(String request, Call call) { return new Answer(1); }\n}"))
                .contains("the request type is 'java.lang.String'; it must be a record");
    }

    @Test
    void noAnnotation() throws Exception {
        assertThat(told(CLASS + TYPES + PREDICT + "}"))
                .contains("it failed in read: ")
                .contains("no class has @Module");
    }

    @Test
    void aConstructorThatThrows() throws Exception {
        assertThat(told(MODULE + CLASS + TYPES + "public Bad() { throw new IllegalStateException(\"no weights\"); }\n"
                        + PREDICT + "}"))
                .contains("it failed in load: ")
                .contains("no weights")
                .contains("bad.Bad");
    }

    @Test
    void aLoadThatThrows() throws Exception {
        assertThat(told(MODULE + CLASS + TYPES
                        + "public void load(ModuleContext context) throws Exception { context.open(\"weights.bin\"); }\n"
                        + PREDICT + "}"))
                .contains("it failed in load: ")
                .contains("weights.bin");
    }

    @Test
    void aModelThatIsNotThere() throws Exception {
        assertThat(told(MODULE + CLASS + TYPES
                        + "public void load(ModuleContext context) { context.model(\"behaviour.onnx\"); }\n"
                        + PREDICT + "}"))
                .contains("it failed in load: ")
                .contains("behaviour.onnx");
    }

    @Test
    void aLoadThatDoesNotEnd() throws Exception {
        assertThat(told(
                        MODULE + CLASS + TYPES
                                + "public void load(ModuleContext context) throws Exception { Thread.sleep(600_000); }\n"
                                + PREDICT + "}",
                        "inference: {bad: {limits: {load: 1s}}}"))
                .contains("it failed in load: ")
                .contains("bad.Bad.load");
    }

    @Test
    void anAnswerThatIsNothing() throws Exception {
        assertThat(told(MODULE + CLASS + TYPES
                        + "public Answer predict(Request request, Call call) { return null; }\n}"))
                .contains("answers a plain request")
                .contains("null");
    }

    @Test
    void anAnswerThatDoesNotFitItsOwnSchema() throws Exception {
        assertThat(told(MODULE + CLASS
                        + "public record Request(int x) {}\npublic record Answer(@Max(1) int y) {}\n"
                        + "public Answer predict(Request request, Call call) { return new Answer(7); }\n}"))
                .contains("invalid-response: ")
                .contains("/y must be at most 1, but is 7");
    }

    @Test
    void anExampleThatDoesNotFitTheSchema() throws Exception {
        Path project = project(MODULE + CLASS + TYPES + PREDICT + "}");
        Files.createDirectories(project.resolve("src/main/resources/META-INF/patchbay/examples"));
        Files.writeString(project.resolve("src/main/resources/META-INF/patchbay/examples/first.json"), "{\"z\": 1}");

        assertThat(Told.of(project, ""))
                .contains("it failed in warmup: example first.json: ")
                .contains("/x")
                .contains("/z");
    }

    @Test
    void aSettingThatDoesNotFit() throws Exception {
        assertThat(told(
                        MODULE.replace(")", ", config = Bad.Settings.class)") + CLASS + TYPES
                                + "public record Settings(@Default(\"0.5\") @Max(1) double share) {}\n" + PREDICT + "}",
                        "inference: {bad: {config: {share: 3}}}"))
                .contains("it failed in load: ")
                .contains("inference.bad.config.share")
                .contains("must be at most 1, but is 3");
    }

    @Test
    void aLibraryThatIsNotBroughtAlong() throws Exception {
        assertThat(
                        told(
                                MODULE + CLASS + TYPES
                                        + "public Answer predict(Request request, Call call) { return new Answer(com.example.Lib.one()); }\n}"))
                .contains("package com.example does not exist")
                .contains("A project with libraries of its own is built by Maven first: mvn test-compile");
    }

    @Test
    void aModuleYamlWithAKeyThatIsNone() throws Exception {
        Files.writeString(
                home.resolve("module.yaml"), "task: bad\nversion: \"1.0.0\"\nowner: tests\nonx: {model: m.onnx}\n");

        assertThat(Told.of(home, ""))
                .contains("it failed in read: module.yaml: 'onx' is no key here. Did you mean 'onnx'?");
    }

    @Test
    void aModuleYamlWhoseVersionIsANumber() throws Exception {
        Files.writeString(
                home.resolve("module.yaml"), "task: bad\nversion: 1.0\nowner: tests\nonnx: {model: m.onnx}\n");
        Files.writeString(home.resolve("m.onnx"), "");

        assertThat(Told.of(home, "")).contains("YAML reads 1.0 as a number; write a SemVer such as \"1.0.0\"");
    }

    @Test
    void aModelFileThatIsNone() throws Exception {
        Files.writeString(
                home.resolve("module.yaml"), "task: bad\nversion: \"1.0.0\"\nowner: tests\nonnx: {model: m.onnx}\n");
        Files.writeString(home.resolve("m.onnx"), "no model");

        assertThat(Told.of(home, "")).contains("it failed in load: ").contains("m.onnx");
    }

    private String told(String source) throws Exception {
        return told(source, "");
    }

    private String told(String source, String config) throws Exception {
        return Told.of(project(source), config);
    }

    private Path project(String source) throws Exception {
        Path sources = Files.createDirectories(home.resolve("project/src/main/java/bad"));
        Files.writeString(sources.resolve("Bad.java"), HEAD + source);
        return home.resolve("project");
    }
}

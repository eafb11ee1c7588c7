package dev.patchbay.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What an author writes becomes the artifact's descriptor, or an error at the line that is wrong.
class ModuleProcessorTest {

    private static final String HEAD = """
            package test;
            import dev.patchbay.api.*;
            import dev.patchbay.api.Module;
            import jakarta.validation.constraints.*;
            import java.time.*;
            import java.util.*;
            """;

    @TempDir
    Path out;

    @Test
    void theDescriptorSaysWhoTheModuleIs() throws Exception {
        assertThat(compile("""
                @Module(task = "pet_mood", version = "1.2.3-rc.1+5", owner = "activity", description = "says \\"hi\\"",
                        risk = Risk.HIGH, labels = {"team=dogs", "tier=1"}, lane = Lane.IO, deterministic = true,
                        config = M.Settings.class)
                public final class M implements StreamingModule<M.Q, M.P, M.A> {
                    public record Q(String pet) {}
                    public record P(String word) {}
                    public record A(Mood mood) {}
                    public enum Mood { CALM, WILD }
                    public record Settings(@Default("0.5") @Min(0) @Max(1) double threshold, Secret key) {}
                    public A stream(Q q, Call call, Parts<P> parts) { return new A(Mood.CALM); }
                }
                """)).isEmpty();
        assertThat(descriptor())
                .contains(
                        "\"descriptor\":1",
                        "\"api\":\"0.1\"",
                        "\"task\":\"pet_mood\"",
                        "\"version\":\"1.2.3-rc.1+5\"",
                        "\"owner\":\"activity\"",
                        "\"description\":\"says \\\"hi\\\"\"",
                        "\"risk\":\"high\"",
                        "\"labels\":{\"team\":\"dogs\",\"tier\":\"1\"}",
                        "\"lane\":\"io\"",
                        "\"deterministic\":true",
                        "\"kind\":\"stream\"",
                        "\"class\":\"test.M\"",
                        "\"request\":{\"type\":\"test.M$Q\"",
                        "\"part\":{\"type\":\"test.M$P\"",
                        "\"enum\":[\"CALM\",\"WILD\"]",
                        "\"threshold\":{\"type\":\"number\",\"minimum\":0,\"maximum\":1,\"default\":0.5}");
    }

    @Test
    void recordsAndTheirConstraintsBecomeJsonSchema() throws Exception {
        assertThat(compile("""
                @Module(task = "t", version = "1.0.0", owner = "o")
                public final class M implements InferenceModule<M.Q, M.A> {
                    public record Pet(@NotBlank @Size(max = 40) String name, Optional<Pet> mother) {}
                    @Open
                    public record Q(
                            @Description("who it is") Pet pet,
                            @Name("born_on") LocalDate born,
                            @Size(min = 1, max = 9) List<@Min(0) Integer> steps,
                            Map<String, Double> weights,
                            Set<String> tags,
                            @Pattern(regexp = "[A-Z]{2}") Optional<String> country,
                            @DecimalMin(value = "0.5", inclusive = false) float[] features,
                            @Email String mail,
                            @PositiveOrZero long count,
                            boolean indoor) {}
                    public record A(double score) {}
                    public A predict(Q q, Call call) { return new A(0); }
                }
                """)).isEmpty();
        String descriptor = descriptor();
        assertThat(descriptor)
                .contains(
                        "\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"",
                        "\"$ref\":\"#/$defs/Pet\"",
                        "\"description\":\"who it is\"",
                        "\"born_on\":{\"type\":\"string\",\"format\":\"date\"}",
                        "\"minItems\":1,\"maxItems\":9",
                        "\"uniqueItems\":true",
                        "\"pattern\":\"^(?:[A-Z]{2})$\"",
                        "\"format\":\"email\"",
                        "\"required\":[\"pet\",\"born_on\",\"steps\",\"weights\",\"tags\",\"features\",\"mail\",\"count\",\"indoor\"]");
        // Pet is closed, Q is open
        assertThat(descriptor.split("\"additionalProperties\":false", -1)).hasSize(3);
    }

    @Test
    void twoPatternsOnOneFieldBothHold() throws Exception {
        assertThat(compile(module("public record Q(@NotBlank @Pattern(regexp = \"[a-z ]*\") String name) {}")))
                .isEmpty();
        assertThat(descriptor()).contains("\\\\S", "^(?:[a-z ]*)$");
    }

    record Wrong(String source, String message) {
        @Override
        public String toString() {
            return message;
        }
    }

    static Stream<Wrong> wrong() {
        String request = "public record Q(String a) {}";
        return Stream.of(
                new Wrong(
                        module(request).replace("\"t\"", "\"Pet-Mood\""),
                        "task 'Pet-Mood': a task's name has lower-case letters, digits and '_', begins with a letter and has at most 63 characters"),
                new Wrong(module(request).replace("1.0.0", "1.0"), "version '1.0' is no SemVer such as 1.0.0"),
                new Wrong(
                        module(request).replace("owner = \"o\"", "owner = \" \""),
                        "owner is empty; name the team that is asked when the module misbehaves"),
                new Wrong(module(request).replace("public final class", "final class"), "a module's class is public"),
                new Wrong(
                        module(request).replace("final class M", "abstract class M"),
                        "a module is a class that the gateway makes an object of; this is abstract"),
                new Wrong(
                        module("public record Q(@Pattern(regexp = \"[a-\") String a) {}"),
                        "@Pattern: '[a-' is no regular expression: Illegal character range"),
                new Wrong(
                        module("public M(int a) {} " + request),
                        "a module has a public constructor without parameters; take what it needs in load"),
                new Wrong(
                        module(request).replace("M.Q,", "String,").replace("Q q", "String q"),
                        "the request type is 'java.lang.String'; it must be a record"),
                new Wrong(
                        module("public record Q(Object a) {}"),
                        "'java.lang.Object' has no form in JSON here. Use records, enums, String, numbers, boolean, Instant, OffsetDateTime, LocalDate, LocalTime, Duration, UUID, URI, List, Set, Map<String, …>, arrays or Optional"),
                new Wrong(
                        module("public record Q(Map<Integer, String> a) {}"),
                        "the keys of a map are texts: use Map<String, …>"),
                new Wrong(
                        module("public record Q(@Future Instant a) {}"),
                        "@Future says nothing that JSON Schema can say; check it in predict and throw InferenceException.invalid"),
                new Wrong(
                        module("public record Q(@Size(max = 3) int a) {}"),
                        "@Size and @NotEmpty are for texts, lists and maps; use @Min and @Max"),
                new Wrong(
                        module("public record Q(@Default(\"7\") @Max(5) int a) {}"),
                        "@Default(\"7\") must be at most 5"),
                new Wrong(
                        "@Module(task = \"t\", version = \"1.0.0\", owner = \"o\") public class M {}",
                        "a module implements InferenceModule, BatchModule or StreamingModule"),
                new Wrong(
                        module(request)
                                + module(request)
                                        .replace("class M ", "class N ")
                                        .replace("public final", "final"),
                        "'M' is this artifact's module already; an artifact has one. Put 'N' into an artifact of its own"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsWrongIsAnErrorOfTheCompiler(Wrong wrong) throws Exception {
        assertThat(compile(wrong.source())).containsExactly(wrong.message());
        assertThat(out.resolve("META-INF/patchbay/module.json"))
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(wrong.source()).contains("class N "));
    }

    /// The descriptor without the space that is there for people.
    private String descriptor() throws IOException {
        return Files.readString(out.resolve("META-INF/patchbay/module.json"))
                .replaceAll("\\n\\s*", "")
                .replace("\": ", "\":")
                .replace(", ", ",");
    }

    private static String module(String body) {
        return """
                @Module(task = "t", version = "1.0.0", owner = "o")
                public final class M implements InferenceModule<M.Q, M.A> {
                    %s
                    public record A(double score) {}
                    public A predict(Q q, Call call) { return new A(0); }
                }
                """.formatted(body);
    }

    private List<String> compile(String source) throws IOException {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                ToolProvider.getSystemJavaCompiler().getStandardFileManager(found, Locale.ROOT, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(out));
            JavaFileObject unit =
                    new SimpleJavaFileObject(URI.create("string:///test/M.java"), JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                            return HEAD + source;
                        }
                    };
            ToolProvider.getSystemJavaCompiler()
                    .getTask(null, files, found, List.of("-proc:full"), null, List.of(unit))
                    .call();
        }
        return found.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
                .toList();
    }
}

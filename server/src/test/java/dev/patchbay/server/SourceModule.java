package dev.patchbay.server;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/// A module as its author writes it, compiled into a folder of its own.
///
/// @param name the simple name of the class with `@Module`
/// @param source its body with everything it needs, without package and imports
record SourceModule(String name, String source) {

    private static final String HEAD = """
            package test;
            import dev.patchbay.api.*;
            import dev.patchbay.api.Module;
            import jakarta.validation.constraints.*;
            import java.util.*;
            """;

    /// Answers with its version, and knows an error of each kind.
    static SourceModule echo(String task, String version) {
        return new SourceModule("Echo", """
                @Module(task = "%1$s", version = "%2$s", owner = "tests")
                public final class Echo implements StreamingModule<Echo.Request, Echo.Part, Echo.Answer> {
                    public record Item(@Min(1) int amount) {}
                    public record Request(
                            @NotBlank @Size(max = 20) String name,
                            @Min(0) @Max(1) Optional<Double> weight,
                            @Size(max = 3) Optional<List<Item>> items,
                            Optional<Integer> sleep,
                            Optional<String> fail) {}
                    public record Part(String text) {}
                    public record Answer(String name, String version) {}
                    public Answer stream(Request request, Call call, Parts<Part> parts) throws Exception {
                        Thread.sleep(request.sleep().orElse(0));
                        parts.emit(new Part("one"));
                        switch (request.fail().orElse("")) {
                            case "typed" -> throw new InferenceException(ErrorCode.DEPENDENCY_FAILED, "the bowl is offline");
                            case "bug" -> throw new IllegalStateException("secret inner state");
                            default -> {}
                        }
                        parts.emit(new Part("two"));
                        return new Answer(request.name(), "%2$s");
                    }
                }
                """.formatted(task, version));
    }

    /// Compiles into a module folder and moves it where it is wanted, whole.
    void into(Path folder) throws IOException {
        Path made = Files.createDirectories(folder.resolveSibling("." + folder.getFileName() + ".new"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(made));
            JavaFileObject unit =
                    new SimpleJavaFileObject(
                            URI.create("string:///test/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                            return HEAD + source;
                        }
                    };
            if (!compiler.getTask(messages, files, null, List.of("-proc:full"), null, List.of(unit))
                    .call()) {
                throw new IllegalArgumentException(messages.toString());
            }
        }
        Files.move(made, folder);
    }

    /// Removes a module folder as an operator would.
    static void remove(Path folder) throws IOException {
        Path aside = folder.resolveSibling("." + folder.getFileName());
        Files.move(folder, aside);
        try (Stream<Path> files = Files.walk(aside)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}

package dev.patchbay.testkit.project;

import dev.patchbay.api.InferenceModule;
import dev.patchbay.processor.ModuleProcessor;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Compiles the sources of a module against what the gateway shares with modules, and writes its descriptor.
public final class ModuleCompiler {

    private static final List<Class<?>> SHARED = List.of(
            InferenceModule.class,
            org.jspecify.annotations.Nullable.class,
            jakarta.validation.constraints.Min.class,
            org.slf4j.Logger.class);

    private ModuleCompiler() {}

    /// Compiles all sources below a folder.
    ///
    /// @param output where classes go; files that are there stay
    /// @throws ProjectBroken with the compiler's complaints
    public static void compile(Path sources, Path output) {
        compile(sources, output, List.of());
    }

    /// Compiles all sources below a folder that use libraries.
    ///
    /// @param libraries jars and folders of classes that the module brings along
    /// @throws ProjectBroken with the compiler's complaints
    static void compile(Path sources, Path output, List<Path> libraries) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new ProjectBroken("this Java has no compiler; run with a JDK rather than a JRE");
        }
        DiagnosticCollector<JavaFileObject> complaints = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(complaints, Locale.ROOT, null)) {
            Files.createDirectories(output);
            List<String> options = List.of(
                    "-d",
                    output.toString(),
                    "-parameters",
                    "-proc:full",
                    "--release",
                    "25",
                    "-classpath",
                    classPath(libraries));
            JavaCompiler.CompilationTask task = compiler.getTask(
                    new StringWriter(),
                    files,
                    complaints,
                    options,
                    null,
                    files.getJavaFileObjectsFromPaths(javaFiles(sources)));
            task.setProcessors(List.of(new ModuleProcessor()));
            if (!task.call()) {
                throw new ProjectBroken(describe(sources, complaints));
            }
        } catch (IOException e) {
            throw new ProjectBroken("it cannot be compiled: " + e);
        }
    }

    private static List<Path> javaFiles(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new ProjectBroken("there are no Java sources in " + sources);
            }
            return found;
        }
    }

    private static String classPath(List<Path> libraries) {
        List<String> places = new ArrayList<>();
        libraries.forEach(library -> places.add(library.toString()));
        for (Class<?> type : SHARED) {
            try {
                places.add(Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
        return String.join(java.io.File.pathSeparator, places);
    }

    private static String describe(Path sources, DiagnosticCollector<JavaFileObject> complaints) {
        return complaints.getDiagnostics().stream()
                .filter(complaint -> complaint.getKind() == Diagnostic.Kind.ERROR)
                .map(complaint -> place(sources, complaint) + withHint(complaint.getMessage(Locale.ROOT)))
                .collect(Collectors.joining("\n"));
    }

    /// Every Java class sees `java.lang.Module`, which is not meant.
    private static String withHint(String complaint) {
        return complaint.contains("reference to Module is ambiguous")
                ? complaint + "\n  Write: import dev.patchbay.api.Module;"
                : complaint;
    }

    private static String place(Path sources, Diagnostic<? extends JavaFileObject> complaint) {
        JavaFileObject source = complaint.getSource();
        if (source == null) {
            return "";
        }
        Path file = Path.of(source.toUri());
        return (file.startsWith(sources) ? sources.relativize(file) : file) + ":" + complaint.getLineNumber() + ": ";
    }
}

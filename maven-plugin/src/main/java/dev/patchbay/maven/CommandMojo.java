package dev.patchbay.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Component;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.Nullable;

/// Runs the `patchbay` command on the project, in a Java that is new enough for modules.
abstract class CommandMojo extends AbstractMojo {

    private static final int JAVA = 25;
    private static final String MAIN = "dev.patchbay.cli.Patchbay";
    /// The launcher's, for the same reasons.
    private static final List<String> OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:MaxMetaspaceSize=512m",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-Djdk.virtualThreadScheduler.parallelism=32");

    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init")
    MavenProject project;

    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init")
    private MavenSession session;

    @Parameter(defaultValue = "${plugin.artifacts}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init")
    private List<Artifact> libraries;

    @Component
    @SuppressWarnings({"NullAway.Init", "deprecation"})
    private ToolchainManager toolchains;

    /// Runs the command and waits for its end; what it says goes to the console.
    void run(String... arguments) throws MojoExecutionException, MojoFailureException {
        listLibraries();
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(OPTIONS);
        command.add(MAIN);
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command).inheritIO().directory(project.getBasedir());
        // by the environment: ONNX Runtime dies in processes with a long command line
        process.environment()
                .put(
                        "CLASSPATH",
                        libraries.stream()
                                .map(library -> library.getFile().toString())
                                .collect(Collectors.joining(File.pathSeparator)));
        int exitCode = exitCode(process);
        if (exitCode != 0) {
            throw new MojoFailureException(
                    "patchbay %s ended with %d; see above".formatted(String.join(" ", arguments), exitCode));
        }
    }

    private static int exitCode(ProcessBuilder command) throws MojoExecutionException {
        try {
            Process process = command.start();
            // a build that is stopped leaves no gateway behind
            Thread end = new Thread(process::destroy);
            Runtime.getRuntime().addShutdownHook(end);
            try {
                return process.waitFor();
            } finally {
                process.destroy();
                removeHook(end);
            }
        } catch (IOException e) {
            throw new MojoExecutionException("patchbay could not be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MojoExecutionException("interrupted", e);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it runs already
        }
    }

    /// Writes down what the module brings along, for the command and for tests.
    void listLibraries() throws MojoExecutionException {
        String places = project.getArtifacts().stream()
                .filter(library -> Artifact.SCOPE_COMPILE.equals(library.getScope())
                        || Artifact.SCOPE_RUNTIME.equals(library.getScope()))
                .map(library -> library.getFile().toString())
                .collect(Collectors.joining(File.pathSeparator));
        Path list = Path.of(project.getBuild().getDirectory(), "patchbay", "libraries");
        try {
            Files.createDirectories(list.getParent());
            Files.writeString(list, places);
        } catch (IOException e) {
            throw new MojoExecutionException(list + " cannot be written: " + e.getMessage(), e);
        }
    }

    private String java() throws MojoExecutionException {
        Toolchain toolchain = toolchains.getToolchainFromBuildContext("jdk", session);
        @Nullable String found = toolchain == null ? null : toolchain.findTool("java");
        if (found != null) {
            return found;
        }
        if (Runtime.version().feature() >= JAVA) {
            return Path.of(System.getProperty("java.home"), "bin", "java").toString();
        }
        throw new MojoExecutionException(
                "modules run on Java %d or newer, Maven runs on %d, and the build selects no toolchain. Run Maven with a newer Java (JAVA_HOME), or let maven-toolchains-plugin select one, as in the pom.xml that `patchbay new` makes"
                        .formatted(JAVA, Runtime.version().feature()));
    }
}

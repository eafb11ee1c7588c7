package dev.patchbay.bench.compare;

import dev.patchbay.bench.load.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the servers are started, each as its users would.
///
/// @param home the folder of the benchmarks
/// @param heap the heap of every server
public record Commands(Path home, String heap) {

    private static final String JAVA = ProcessHandle.current().info().command().orElse("java");

    /// @param model without one the server sums up what it is sent
    List<String> bare(int port, @Nullable Path model) {
        List<String> command = new ArrayList<>(List.of(
                JAVA, "-Xmx" + heap, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("dev.patchbay.bench.peer.BareServer", "--port", Integer.toString(port)));
        if (model != null) {
            command.addAll(List.of("--model", model.toString()));
        }
        return command;
    }

    List<String> spring(int port, Path model) {
        return List.of(
                JAVA,
                "-Xmx" + heap,
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                home.resolve("spring-peer/target/spring-peer.jar").toString(),
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--model=" + model);
    }

    /// The launcher and a folder with a model. Checks, metrics and ids are always on.
    ///
    /// @param folder where the served folder is made
    /// @param module the lines of `module.yaml` after the identity; the model is `model.onnx`
    /// @param limits what the task may use, in YAML
    public List<String> patchbay(int port, Path folder, String task, Path model, String module, String limits)
            throws IOException {
        return patchbay(port, ServerProcess.freePort(), folder, task, model, module, limits);
    }

    /// The same with an admin port of the caller's choice.
    List<String> patchbay(int port, int adminPort, Path folder, String task, Path model, String module, String limits)
            throws IOException {
        Path artifact = Files.createDirectories(folder.resolve("modules/" + task + "-1.0.0"));
        Files.copy(model, artifact.resolve("model.onnx"));
        Files.writeString(
                artifact.resolve("module.yaml"), "task: " + task + "\nversion: 1.0.0\nowner: bench\n" + module);
        Files.writeString(folder.resolve("patchbay.yaml"), """
                inference:
                  %s:
                    default_version: "1.0.0"
                    limits: %s
                """.formatted(task, limits));
        return List.of(
                "env",
                "PATCHBAY_JAVA_OPTIONS=-Xmx" + heap,
                home.resolve("../patchbay").toString(),
                "serve",
                folder.toString(),
                "--port",
                Integer.toString(port),
                "--admin-port",
                Integer.toString(adminPort));
    }
}

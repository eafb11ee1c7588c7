package dev.patchbay.server;

import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.ModelRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// An engine whose models give back what they are given. A model is a file with a line `name TYPE size…` for each
/// tensor; -1 is any size.
public final class EchoRuntime implements ModelRuntime {

    @Override
    public String format() {
        return "echo";
    }

    @Override
    public boolean accepts(Path model) {
        return model.toString().endsWith(".echo");
    }

    /// Makes a module folder of a model.
    static void module(Path folder, String task, String version, String... tensors) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("model.echo"), List.of(tensors));
        Files.writeString(folder.resolve("module.yaml"), """
                task: %s
                version: %s
                owner: tests
                echo: {model: model.echo}
                """.formatted(task, version));
    }

    @Override
    public OpenModel open(Path file, ModelOptions options) {
        List<TensorSpec> specs;
        try {
            specs = Files.readAllLines(file).stream().map(EchoRuntime::spec).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new OpenModel() {
            @Override
            public List<TensorSpec> inputs() {
                return specs;
            }

            @Override
            public List<TensorSpec> outputs() {
                return specs;
            }

            @Override
            public Tensors run(Tensors inputs) {
                return inputs;
            }

            @Override
            public void close() {}
        };
    }

    private static TensorSpec spec(String line) {
        String[] words = line.split(" ");
        return new TensorSpec(
                words[0],
                TensorType.valueOf(words[1]),
                Arrays.stream(words).skip(2).map(Long::valueOf).toList());
    }

    @Override
    public void close() {}
}

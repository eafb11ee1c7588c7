package dev.patchbay.bench.oip;

import dev.patchbay.bench.load.ServerUsage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The bare gRPC server in a process of its own.
record BareProcess(Process process) implements AutoCloseable {

    static BareProcess start(int port, Path model) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        return new BareProcess(new ProcessBuilder(List.of(
                        java,
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "dev.patchbay.bench.oip.BareGrpcServer",
                        "--port",
                        Integer.toString(port),
                        "--model",
                        model.toString()))
                .inheritIO()
                .start());
    }

    /// Waits until it answers.
    void await(BooleanSupplier answers) throws IOException, InterruptedException {
        for (int i = 0; i < 120 && process.isAlive(); i++) {
            if (answers.getAsBoolean()) {
                return;
            }
            Thread.sleep(250);
        }
        throw new IOException("the bare gRPC server did not answer");
    }

    ServerUsage usage() {
        return ServerUsage.of(process.pid());
    }

    double compilerSeconds() {
        return ServerUsage.compilerSeconds(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
    }
}

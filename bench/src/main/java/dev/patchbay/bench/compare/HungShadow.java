package dev.patchbay.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A version that never answers: its model is at a port where connections are taken and nothing is said.
final class HungShadow {

    static final String VERSION = "1.1.0";

    private HungShadow() {}

    /// Writes the version's module.
    ///
    /// @param modules the modules folder of a gateway
    /// @param silence the port
    static void write(Path modules, String task, int silence) throws IOException {
        Path shadow = Files.createDirectories(modules.resolve(task + "-" + VERSION));
        Files.writeString(shadow.resolve("module.yaml"), """
                task: %s
                version: %s
                owner: bench
                remote:
                  protocol: http
                  url: http://127.0.0.1:%d
                """.formatted(task, VERSION, silence));
        Files.writeString(shadow.resolve("request.schema.json"), "{\"type\": \"object\"}");
        Files.writeString(shadow.resolve("response.schema.json"), "{\"type\": \"object\"}");
    }
}

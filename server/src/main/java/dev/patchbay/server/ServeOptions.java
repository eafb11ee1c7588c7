package dev.patchbay.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a gateway is started with.
///
/// @param folder holds `patchbay.yaml` and `modules/`
/// @param data where revisions and artifacts are kept; null keeps nothing beyond the process
/// @param host the address callers come to
/// @param port callers' port; 0 takes a free one
/// @param adminPort operators' port, always on loopback; 0 takes a free one
/// @param author who is written into revisions that the file makes
/// @param adminToken what operators must send as a bearer token; null lets in everybody who reaches their port
public record ServeOptions(
        Path folder,
        @Nullable Path data,
        String host,
        int port,
        int adminPort,
        String author,
        @Nullable String adminToken) {

    /// Whoever reaches the operators' port is let in.
    public ServeOptions(Path folder, @Nullable Path data, String host, int port, int adminPort, String author) {
        this(folder, data, host, port, adminPort, author, null);
    }

    @Override
    public String toString() {
        return "ServeOptions[folder=%s, data=%s, %s:%d, adminPort=%d]".formatted(folder, data, host, port, adminPort);
    }

    Path configFile() {
        return folder.resolve("patchbay.yaml");
    }

    Path modules() {
        return folder.resolve("modules");
    }
}

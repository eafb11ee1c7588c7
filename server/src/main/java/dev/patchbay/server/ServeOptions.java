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
public record ServeOptions(Path folder, @Nullable Path data, String host, int port, int adminPort, String author) {

    Path configFile() {
        return folder.resolve("patchbay.yaml");
    }

    Path modules() {
        return folder.resolve("modules");
    }
}

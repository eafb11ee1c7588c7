package dev.patchbay.agreement;

import dev.patchbay.server.GatewayServer;
import dev.patchbay.server.ServeOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A gateway with the flower classifier in every format, on real ports.
final class Served implements AutoCloseable {

    private final Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final GatewayServer server;

    Served(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("modules"));
        for (String format : Flowers.formats()) {
            Flowers.copy(format, "1.0.0", module(format, "1.0.0"));
        }
        Files.writeString(folder.resolve("patchbay.yaml"), config("1.0.0"));
        server = GatewayServer.start(new ServeOptions(folder, null, "127.0.0.1", 0, 0, "tests"));
    }

    Path module(String format, String version) {
        return folder.resolve("modules").resolve(format + "-" + version);
    }

    int port() {
        return server.port();
    }

    private static String config(String version) throws IOException {
        return Flowers.formats().stream()
                .map(format -> "  flower_%s: {default_version: %s}\n".formatted(format, version))
                .collect(Collectors.joining("", "inference:\n", ""));
    }

    /// Puts a version beside those that are there, as an operator does: aside, then renamed.
    void add(String format, String version) throws IOException {
        Path aside = Files.createTempDirectory(folder, ".coming");
        Flowers.copy(format, version, aside.resolve("module"));
        Files.move(aside.resolve("module"), module(format, version), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Lets all formats answer by a version.
    void route(String version) throws IOException {
        Path aside = Files.writeString(folder.resolve(".patchbay.yaml.new"), config(version));
        Files.move(aside, folder.resolve("patchbay.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    JsonNode modules() throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(client.send(
                                HttpRequest.newBuilder(URI.create(
                                                "http://127.0.0.1:" + server.adminPort() + "/admin/v1/modules"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body())
                .path("modules");
    }

    @Override
    public void close() throws InterruptedException {
        client.shutdownNow();
        server.close();
    }
}

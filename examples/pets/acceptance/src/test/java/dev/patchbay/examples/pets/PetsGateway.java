package dev.patchbay.examples.pets;

import dev.patchbay.server.GatewayServer;
import dev.patchbay.server.ServeOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The example as `./patchbay serve examples/pets` serves it, with its jars, and a caller.
final class PetsGateway implements AutoCloseable {

    static final Path REQUESTS = Path.of("../requests");
    static final Path TRAINING = Path.of("../training");

    private final GatewayServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    PetsGateway() throws IOException, InterruptedException {
        server = GatewayServer.start(
                new ServeOptions(Path.of("..").toRealPath(), null, "127.0.0.1", 0, 0, "acceptance"));
    }

    /// What a caller gets.
    ///
    /// @param route the header that tells why this version answered
    record Answer(int status, String version, String route, String text) {

        JsonNode json() {
            return JsonMapper.shared().readTree(text);
        }
    }

    /// Calls a path under `/v1/inference/` with a file of `requests/`.
    Answer call(String path, String file, String... headers) throws IOException, InterruptedException {
        return post(path, Files.readString(REQUESTS.resolve(file)), headers);
    }

    Answer post(String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/v1/inference/%s".formatted(server.port(), path)))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Inference-Version").orElse(""),
                response.headers().firstValue("Inference-Route").orElse(""),
                response.body());
    }

    GatewayServer server() {
        return server;
    }

    @Override
    public void close() throws InterruptedException {
        http.close();
        server.close();
    }
}

package dev.patchbay.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A gateway with a folder of its own, asked over its ports as anybody would.
final class RunningGateway implements AutoCloseable {

    static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable GatewayServer server;

    /// Prepares a folder; modules may be put into it before [#start].
    RunningGateway(Path folder, String config) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("modules"));
        Files.writeString(folder.resolve("patchbay.yaml"), config);
    }

    RunningGateway with(String name, SourceModule module) throws IOException {
        module.into(module(name));
        return this;
    }

    RunningGateway start() throws IOException, InterruptedException {
        return start(null);
    }

    /// Starts it with a token that operators must know.
    RunningGateway start(@Nullable String adminToken) throws IOException, InterruptedException {
        server = GatewayServer.start(new ServeOptions(folder, null, "127.0.0.1", 0, 0, "tests", adminToken));
        return this;
    }

    Path module(String name) {
        return folder.resolve("modules").resolve(name);
    }

    /// Saves the config as an editor does: aside, then renamed over.
    void save(String config) throws IOException {
        Path aside = Files.writeString(folder.resolve(".patchbay.yaml.new"), config);
        Files.move(aside, folder.resolve("patchbay.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    GatewayServer server() {
        if (server == null) {
            throw new IllegalStateException("start() first");
        }
        return server;
    }

    /// Asks as a caller.
    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server().port() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Asks as a caller and gives the body as it comes; closing it is leaving.
    InputStream open(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server().port() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server().port() + path)));
    }

    /// Asks as an operator.
    HttpResponse<String> admin(String method, String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server().adminPort() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    JsonNode admin(String path) throws IOException, InterruptedException {
        return JSON.readTree(admin("GET", "/admin/v1/" + path, "").body());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws InterruptedException {
        client.shutdownNow();
        if (server != null) {
            server.close();
        }
    }
}

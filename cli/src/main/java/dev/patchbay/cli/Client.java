package dev.patchbay.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Talks to a gateway.
final class Client {

    /// The variable that has the token of the admin API.
    static final String TOKEN = "PATCHBAY_ADMIN_TOKEN";

    static final JsonMapper JSON = JsonMapper.shared();

    private final String server;
    private final String admin;
    private final @Nullable String token;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

    Client(String server, String admin) {
        this(server, admin, System.getenv(TOKEN));
    }

    /// @param token what the admin API asks for, if it does
    Client(String server, String admin, @Nullable String token) {
        this.server = server;
        this.admin = admin;
        this.token = token;
    }

    private HttpRequest.Builder toAdmin(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(admin + path));
        return token == null ? request : request.header("authorization", "Bearer " + token);
    }

    JsonNode get(String path) {
        return json(send(toAdmin(path).GET()));
    }

    JsonNode post(String path, JsonNode body) {
        return json(send(toAdmin(path)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))));
    }

    JsonNode delete(String path) {
        return json(send(toAdmin(path).DELETE()));
    }

    /// Brings an artifact to the gateway.
    ///
    /// @return what the gateway says about it
    JsonNode upload(Path file) throws IOException {
        String name = URLEncoder.encode(file.getFileName().toString(), StandardCharsets.UTF_8);
        return json(send(toAdmin("/admin/v1/modules?name=" + name)
                .header("content-type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofFile(file))));
    }

    /// Waits until a module of the gateway is as it should be.
    ///
    /// @param what names it to people
    /// @param isIt tells it from the others
    /// @throws CommandFailed if it failed, or does not get there in time
    JsonNode await(Duration atMost, String what, Predicate<JsonNode> isIt, Predicate<JsonNode> wanted)
            throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() - end < 0) {
            for (JsonNode module : get("/admin/v1/modules").path("modules")) {
                if (!isIt.test(module)) {
                    continue;
                }
                if (wanted.test(module)) {
                    return module;
                }
                if (module.path("state").asString("").equals("failed")) {
                    throw new CommandFailed(
                            ExitCode.CHECK_NOT_PASSED,
                            "%s failed in %s: %s; what answered before still does"
                                    .formatted(
                                            what,
                                            module.path("stage").asString("?"),
                                            module.path("cause").asString("?")));
                }
            }
            Thread.sleep(50);
        }
        throw new CommandFailed(
                ExitCode.FAILED,
                "%s is not where it should be after %d s; `patchbay modules` shows where it is"
                        .formatted(what, atMost.toSeconds()));
    }

    /// Calls a task, at the address of callers.
    HttpResponse<String> call(HttpRequest.Builder request, String path) {
        return send(request.uri(URI.create(server + path)));
    }

    private HttpResponse<String> send(HttpRequest.Builder builder) {
        HttpRequest request = builder.timeout(Duration.ofSeconds(60)).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.UNREACHABLE,
                    "no gateway answers at %s (%s). Start one with `patchbay serve FOLDER`, or name it with --server and --admin"
                            .formatted(
                                    request.uri(),
                                    e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.FAILED, "interrupted");
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        JsonNode body;
        try {
            body = JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw new CommandFailed(ExitCode.FAILED, response.uri() + " does not answer as a gateway does");
        }
        if (response.statusCode() >= 400) {
            throw new CommandFailed(ExitCode.FAILED, problem(body));
        }
        return body;
    }

    static String problem(JsonNode problem) {
        StringBuilder text = new StringBuilder(problem.path("code").asString("failed"))
                .append(" — ")
                .append(problem.path("detail").asString(""));
        for (JsonNode error : problem.path("errors")) {
            text.append("\n  ")
                    .append(error.path("path").asString(""))
                    .append(' ')
                    .append(error.path("message").asString(""));
        }
        if (problem.has("request_id")) {
            text.append("\n  id ").append(problem.path("request_id").asString());
        }
        return text.toString();
    }
}

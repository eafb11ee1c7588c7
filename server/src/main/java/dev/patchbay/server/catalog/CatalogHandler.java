package dev.patchbay.server.catalog;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.core.schema.Nearest;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.answer.Problem;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.http.Route;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The catalogue and its documentation over HTTP.
public final class CatalogHandler {

    private final Catalog catalog;
    private final String productVersion;

    /// Makes a handler.
    public CatalogHandler(Catalog catalog, String productVersion) {
        this.catalog = catalog;
        this.productVersion = productVersion;
    }

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/v1/tasks", exchange -> exchange.respond(Answers.json(200, catalog.list()))),
                new Route("GET", "/v1/tasks/{task}", this::task),
                new Route("GET", "/v1/tasks/{task}/versions/{version}", this::version),
                new Route(
                        "GET",
                        "/openapi.json",
                        exchange ->
                                exchange.respond(Answers.json(200, OpenApi.write(catalog.tasks(), productVersion)))));
    }

    /// Describes the task that the path names.
    public void task(HttpExchange exchange) {
        String name = exchange.pathParameter("task");
        JsonNode task = catalog.describe(name);
        exchange.respond(
                task == null
                        ? Answers.problem(Problem.of(
                                ErrorCode.UNKNOWN_TASK,
                                "There is no task '%s'%s"
                                        .formatted(
                                                name,
                                                Nearest.question(
                                                        name, catalog.tasks().keySet()))))
                        : Answers.json(200, task));
    }

    /// Describes the task's version that the path names.
    public void version(HttpExchange exchange) {
        String name = exchange.pathParameter("task");
        String version = exchange.pathParameter("version");
        JsonNode found = catalog.describe(name, version);
        exchange.respond(
                found == null
                        ? Answers.problem(Problem.of(
                                ErrorCode.UNKNOWN_VERSION,
                                "There is no version %s of task '%s'; GET /v1/tasks/%s lists those there are"
                                        .formatted(version, name, name)))
                        : Answers.json(200, found));
    }
}

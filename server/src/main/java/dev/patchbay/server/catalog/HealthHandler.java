package dev.patchbay.server.catalog;

import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.http.Route;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Probes. Liveness looks at nothing but itself; readiness means that every default version can answer.
public final class HealthHandler {

    private final BooleanSupplier started;
    private final BooleanSupplier stopping;
    private final Supplier<List<String>> withoutDefault;

    /// Makes probes.
    ///
    /// @param withoutDefault the tasks whose default version is not ready
    public HealthHandler(BooleanSupplier started, BooleanSupplier stopping, Supplier<List<String>> withoutDefault) {
        this.started = started;
        this.stopping = stopping;
        this.withoutDefault = withoutDefault;
    }

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/livez", exchange -> answer(exchange, List.of())),
                new Route("GET", "/startupz", exchange -> answer(exchange, startup())),
                new Route("GET", "/readyz", exchange -> answer(exchange, readiness())),
                new Route("GET", "/health/live", exchange -> answer(exchange, List.of())),
                new Route("GET", "/health/started", exchange -> answer(exchange, startup())),
                new Route("GET", "/health/ready", exchange -> answer(exchange, readiness())));
    }

    private List<String> startup() {
        return started.getAsBoolean() ? List.of() : List.of("the gateway is starting");
    }

    /// Lists why the gateway is not ready; empty if it is.
    public List<String> readiness() {
        if (stopping.getAsBoolean()) {
            return List.of("the gateway is stopping");
        }
        List<String> starting = startup();
        if (!starting.isEmpty()) {
            return starting;
        }
        return withoutDefault.get().stream()
                .map(task -> "the default version of '" + task + "' is not ready")
                .toList();
    }

    private static void answer(HttpExchange exchange, List<String> problems) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", problems.isEmpty() ? "UP" : "DOWN");
        ArrayNode checks = body.putArray("checks");
        problems.forEach(problem -> checks.addObject().put("name", problem).put("status", "DOWN"));
        exchange.respond(Answers.json(problems.isEmpty() ? 200 : 503, body));
    }
}

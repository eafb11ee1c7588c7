package dev.patchbay.server.oip;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.core.Gateway;
import dev.patchbay.core.deploy.Deployer;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.core.telemetry.CallLedger;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.http.HttpHandler;
import dev.patchbay.server.http.Route;
import dev.patchbay.server.inference.Headers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The protocol on the gateway's ports: over REST, path by path, and beside it over gRPC.
public final class OipRoutes {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final byte[] NOTHING = {};

    private final ModelDirectory models;
    private final Repository repository;
    private final Statistics statistics;
    private final InferHandler infer;
    private final GenerateHandler generate;
    private final OipGrpc grpc;
    private final JsonReader json;
    private final Supplier<List<String>> notReady;
    private final String productVersion;

    /// What of the gateway the protocol speaks of.
    ///
    /// @param folder where artifacts are
    /// @param notReady why the server as a whole is not ready; empty if it is
    /// @param longestMessage of gRPC, in bytes
    public record Parts(
            Gateway gateway,
            Router router,
            ModuleRegistry modules,
            Deployer deployer,
            CallLedger ledger,
            Path folder,
            JsonReader json,
            Supplier<List<String>> notReady,
            String productVersion,
            int longestMessage) {}

    /// Makes the routes.
    public OipRoutes(Parts parts) {
        this.json = parts.json();
        this.notReady = parts.notReady();
        this.productVersion = parts.productVersion();
        this.models = new ModelDirectory(parts.router(), parts.modules(), parts.deployer()::status);
        this.repository = new Repository(parts.deployer(), models, parts.folder());
        this.statistics = new Statistics(parts.ledger(), models);
        this.infer = new InferHandler(parts.gateway(), json);
        this.generate = new GenerateHandler(parts.gateway(), json);
        this.grpc = new OipGrpc(parts, models, repository, statistics);
    }

    /// Lists the paths for callers.
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                new Route("GET", "/v2", exchange -> exchange.respond(serverMetadata())),
                new Route("GET", "/v2/", exchange -> exchange.respond(serverMetadata())),
                new Route("GET", "/v2/health/live", exchange -> exchange.respond(live())),
                new Route("GET", "/v2/health/ready", exchange -> exchange.respond(ready())),
                new Route("GET", "/v2/models", exchange -> exchange.respond(list())),
                new Route("GET", "/v2/models/stats", told(exchange -> statistics(null, null))),
                new Route("POST", "/v2/repository/index", told(this::index)),
                new Route(
                        "POST",
                        "/v2/repository/models/{model}/load",
                        told(exchange -> OipAnswers.error(operatorsOnly()))),
                new Route(
                        "POST",
                        "/v2/repository/models/{model}/unload",
                        told(exchange -> OipAnswers.error(operatorsOnly())))));
        for (String model : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            boolean versioned = model.endsWith("{version}");
            routes.add(new Route(
                    "GET", model, told(exchange -> modelMetadata(exchange, version(exchange, versioned)))));
            routes.add(new Route(
                    "GET", model + "/ready", told(exchange -> modelReady(exchange, version(exchange, versioned)))));
            routes.add(new Route(
                    "GET",
                    model + "/stats",
                    told(exchange -> statistics(exchange.pathParameter("model"), version(exchange, versioned)))));
            routes.add(new Route(
                    "POST", model + "/infer", exchange -> infer.handle(exchange, version(exchange, versioned))));
            routes.add(new Route(
                    "POST",
                    model + "/generate",
                    exchange -> generate.handle(exchange, version(exchange, versioned), false)));
            routes.add(new Route(
                    "POST",
                    model + "/generate_stream",
                    exchange -> generate.handle(exchange, version(exchange, versioned), true)));
        }
        routes.addAll(grpc.routes());
        routes.addAll(new GrpcHealth(notReady, models).routes());
        routes.addAll(GrpcReflection.routes());
        return routes;
    }

    private static @Nullable String version(HttpExchange exchange, boolean versioned) {
        return versioned ? exchange.pathParameter("version") : null;
    }

    /// Lists the paths for operators: they change what is there.
    ///
    /// @param guarded makes a route that answers operators only, away from the event loop
    public List<Route> adminRoutes(Guarded guarded) {
        List<Route> routes = new ArrayList<>(List.of(
                guarded.route("POST", "/v2/repository/index", errorsTold(this::index)),
                guarded.route("POST", "/v2/repository/models/{model}/load", errorsTold(exchange -> {
                    requireNoOverride(exchange);
                    repository.load(exchange.pathParameter("model"));
                    return done();
                })),
                guarded.route("POST", "/v2/repository/models/{model}/unload", errorsTold(exchange -> {
                    repository.unload(exchange.pathParameter("model"));
                    return done();
                }))));
        routes.addAll(grpc.adminRoutes());
        routes.addAll(GrpcReflection.routes());
        return routes;
    }

    /// Makes routes of the operator's port.
    public interface Guarded {
        Route route(String method, String path, Action action);
    }

    /// Answers one request.
    public interface Action {
        Answer answer(HttpExchange exchange) throws Exception;
    }

    private static Action errorsTold(Action action) {
        return exchange -> {
            try {
                return action.answer(exchange);
            } catch (InferenceException error) {
                return OipAnswers.error(error);
            }
        };
    }

    private static HttpHandler told(Action action) {
        return exchange -> exchange.respond(errorsTold(action).answer(exchange));
    }

    // --- the server ---

    private Answer serverMetadata() {
        ObjectNode server = NODES.objectNode().put("name", "patchbay").put("version", productVersion);
        ArrayNode extensions = server.putArray("extensions");
        OipGrpc.EXTENSIONS.forEach(extensions::add);
        return Answers.json(200, server);
    }

    private static Answer live() {
        return Answers.json(200, NODES.objectNode().put("live", true));
    }

    private Answer ready() {
        List<String> problems = notReady.get();
        ObjectNode answer = NODES.objectNode().put("ready", problems.isEmpty());
        if (!problems.isEmpty()) {
            answer.put("error", String.join("; ", problems));
        }
        return Answers.json(problems.isEmpty() ? 200 : 503, answer);
    }

    private Answer list() {
        ObjectNode answer = NODES.objectNode();
        ArrayNode names = answer.putArray("models");
        models.names().forEach(names::add);
        return Answers.json(200, answer);
    }

    // --- a model ---

    private Answer modelMetadata(HttpExchange exchange, @Nullable String version) {
        ModelDirectory.Model model = models.describe(
                exchange.pathParameter("model"), version, Headers.tenant(exchange.header("inference-tenant")));
        ObjectNode answer = NODES.objectNode().put("name", model.name());
        ArrayNode versions = answer.putArray("versions");
        model.versions().forEach(versions::add);
        answer.put("platform", model.platform());
        tensors(answer.putArray("inputs"), model.inputs());
        tensors(answer.putArray("outputs"), model.outputs());
        ObjectNode properties = answer.putObject("properties");
        model.properties().forEach(properties::put);
        return Answers.json(200, answer);
    }

    private static void tensors(ArrayNode list, List<TensorSpec> specs) {
        for (TensorSpec spec : specs) {
            ArrayNode shape = list.addObject()
                    .put("name", spec.name())
                    .put("datatype", spec.type().name())
                    .putArray("shape");
            spec.shape().forEach(shape::add);
        }
    }

    private Answer modelReady(HttpExchange exchange, @Nullable String version) {
        String name = exchange.pathParameter("model");
        ObjectNode answer = NODES.objectNode().put("name", name);
        try {
            models.ready(name, version, Headers.tenant(exchange.header("inference-tenant")));
            return Answers.json(200, answer.put("ready", true));
        } catch (InferenceException e) {
            if (e.code() != ErrorCode.VERSION_UNAVAILABLE) {
                throw e;
            }
            return Answers.json(503, answer.put("ready", false).put("error", e.getMessage()));
        }
    }

    private Answer statistics(@Nullable String name, @Nullable String version) {
        return Answers.json(200, Statistics.json(statistics.of(name, version)));
    }

    // --- the repository ---

    private Answer index(HttpExchange exchange) {
        JsonNode filter = exchange.body().length == 0 ? NODES.objectNode() : json.read(exchange.body());
        ArrayNode answer = NODES.arrayNode();
        for (ModelDirectory.Entry entry : repository.index(filter.path("ready").asBoolean(false))) {
            answer.addObject()
                    .put("name", entry.key().task())
                    .put("version", entry.key().version())
                    .put("state", entry.state())
                    .put("reason", entry.reason());
        }
        return Answers.json(200, answer);
    }

    static InferenceException operatorsOnly() {
        return new InferenceException(
                ErrorCode.PERMISSION_DENIED,
                "Models are loaded and unloaded by operators: send this request to the admin port");
    }

    private void requireNoOverride(HttpExchange exchange) {
        JsonNode body = exchange.body().length == 0 ? NODES.objectNode() : json.read(exchange.body());
        Repository.requireNoOverride(body.path("parameters").propertyNames());
    }

    private static Answer done() {
        return new Answer(200, AnswerHeaders.none(), NOTHING);
    }
}

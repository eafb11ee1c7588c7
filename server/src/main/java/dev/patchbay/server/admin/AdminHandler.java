package dev.patchbay.server.admin;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.RollbackTarget;
import dev.patchbay.core.deploy.Deployer;
import dev.patchbay.core.flag.Flags;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.routing.FlagQuestion;
import dev.patchbay.core.routing.RouteQuery;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.routing.RoutingTable;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The operator's API under `/admin/v1`, and the scrape at `/metrics`.
public final class AdminHandler {

    private static final int DEPTH = 64;
    private static final List<String> EXPLAIN =
            List.of("task", "tenant", "version", "revision", "request_id", "request", "attributes");
    private static final List<String> ROLLBACK =
            List.of("task", "to_revision", "to_version", "expected_revision", "author", "reason");

    private final Deployer deployer;
    private final Router router;
    private final Flags flags;
    private final ConfigControl config;
    private final ModulesFolder folder;
    private final Supplier<String> scrape;
    private final AdminViews views;
    private final JsonReader json = new JsonReader(DEPTH);

    /// Makes a handler.
    ///
    /// @param folder where uploaded artifacts go
    /// @param scrape writes all metrics as Prometheus reads them
    public AdminHandler(
            Deployer deployer,
            Router router,
            Flags flags,
            ConfigControl config,
            ModulesFolder folder,
            Supplier<String> scrape) {
        this.deployer = deployer;
        this.router = router;
        this.flags = flags;
        this.config = config;
        this.folder = folder;
        this.scrape = scrape;
        this.views = new AdminViews(deployer, router, config);
    }

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(
                AdminRoute.of("GET", "/admin/v1/status", exchange -> Answers.json(200, views.status())),
                AdminRoute.of(
                        "GET",
                        "/admin/v1/modules",
                        exchange -> Answers.json(200, views.modules(exchange.queryParameter("task")))),
                AdminRoute.of("POST", "/admin/v1/modules", this::upload),
                AdminRoute.of("DELETE", "/admin/v1/modules/{task}/{version}", this::retire),
                AdminRoute.of("POST", "/admin/v1/modules/{task}/{version}/restore", this::restore),
                AdminRoute.of(
                        "GET",
                        "/admin/v1/routes",
                        exchange ->
                                Answers.json(200, views.routes(revision(exchange), exchange.queryParameter("task")))),
                AdminRoute.of("POST", "/admin/v1/explain", this::explain),
                AdminRoute.of("GET", "/admin/v1/revisions", exchange -> Answers.json(200, views.revisions())),
                AdminRoute.of(
                        "GET",
                        "/admin/v1/revisions/{number}",
                        exchange -> Answers.json(200, views.revision(number(exchange.pathParameter("number"))))),
                AdminRoute.of("POST", "/admin/v1/rollback", this::rollback),
                new Route(
                        "GET",
                        "/metrics",
                        exchange -> AdminRoute.offLoop(
                                exchange,
                                _ -> new Answer(
                                        200,
                                        AnswerHeaders.contentType("text/plain; version=0.0.4; charset=utf-8"),
                                        scrape.get().getBytes(StandardCharsets.UTF_8)))));
    }

    private Answer upload(HttpExchange exchange) throws Exception {
        String name = exchange.queryParameter("name");
        String stored = folder.add(name, exchange.body());
        return Answers.json(
                202,
                tools.jackson.databind.node.JsonNodeFactory.instance
                        .objectNode()
                        .put("stored", stored)
                        .put("next", "GET /admin/v1/modules shows when it is ready"));
    }

    private Answer retire(HttpExchange exchange) throws Exception {
        ModuleKey key = new ModuleKey(exchange.pathParameter("task"), exchange.pathParameter("version"));
        String source = views.sourceOf(key);
        deployer.retire(key);
        if (source != null) {
            folder.retire(source);
        }
        return Answers.json(202, views.modules(null));
    }

    private Answer restore(HttpExchange exchange) throws Exception {
        ModuleKey key = new ModuleKey(exchange.pathParameter("task"), exchange.pathParameter("version"));
        String source = views.sourceOfGone(key);
        if (source == null || !folder.restore(source)) {
            throw new InferenceException(
                    ErrorCode.UNKNOWN_VERSION,
                    "%s was not retired since the gateway started. Artifacts that were retired at any time are in .retired of the modules folder: %s. Move one back into the modules folder to deploy it"
                            .formatted(key, folder.retired()));
        }
        return Answers.json(202, views.modules(null));
    }

    private Answer explain(HttpExchange exchange) {
        JsonNode body = json.read(exchange.body());
        Order.checkFields(body, EXPLAIN);
        Long revision = revision(body, "revision");
        RoutingTable table = revision == null || revision == config.active().number()
                ? router.table()
                : router.compile(revision, config.configOf(revision));
        RouteQuery query = views.query(body);
        FlagQuestion flag = table.flagQuestion(query);
        return Answers.json(
                200,
                views.explanation(table.explain(
                        flag == null ? query : query.with(flags.ask(flag).join()))));
    }

    private Answer rollback(HttpExchange exchange) {
        JsonNode body = json.read(exchange.body());
        String task = body.path("task").asString("");
        if (task.isEmpty()) {
            throw InferenceException.invalid("/task", "names the task to roll back, and is missing");
        }
        Order order = Order.read(body, ROLLBACK);
        JsonNode version = body.path("to_version");
        if (!version.isMissingNode() && !version.isNull() && !version.isString()) {
            throw InferenceException.invalid("/to_version", "must be a version in quotes, but is " + version);
        }
        Long number = revision(body, "to_revision");
        RollbackTarget target = number != null
                ? new RollbackTarget.Revision(number)
                : version.isString()
                        ? new RollbackTarget.Version(version.stringValue())
                        : new RollbackTarget.Previous();
        Long expected = revision(body, "expected_revision");
        var done = config.rollback(
                task, target, order.author(), Objects.requireNonNullElse(order.reason(), "rolled back"), expected);
        return Answers.json(200, views.rolledBack(task, done));
    }

    private static @Nullable Long revision(HttpExchange exchange) {
        String value = exchange.queryParameter("revision");
        return value == null ? null : number(value);
    }

    private static @Nullable Long revision(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw InferenceException.invalid("/" + field, "must be a revision's number, but is " + value);
        }
        return value.longValue();
    }

    private static long number(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new InferenceException(ErrorCode.UNKNOWN_REVISION, "'" + value + "' is no revision number");
        }
    }
}

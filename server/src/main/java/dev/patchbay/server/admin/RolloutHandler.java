package dev.patchbay.server.admin;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.RolloutOverride;
import dev.patchbay.core.rollout.Finding;
import dev.patchbay.core.rollout.Guard;
import dev.patchbay.core.rollout.RolloutHistory;
import dev.patchbay.core.rollout.RolloutStatus;
import dev.patchbay.core.rollout.Rollouts;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.core.statistics.Interval;
import dev.patchbay.core.statistics.Wilson;
import dev.patchbay.core.telemetry.EventLog;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.http.Route;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Experiments while they run, under `/admin/v1/rollout`, and what happened, under `/admin/v1/events`.
public final class RolloutHandler {

    private static final int DEPTH = 16;
    private static final List<String> ACTION = List.of("experiment", "author", "reason");
    private static final List<String> PROMOTION = List.of("experiment", "to", "author", "reason");

    private final Rollouts rollouts;
    private final EventLog events;
    private final JsonReader json = new JsonReader(DEPTH);

    /// Makes a handler.
    public RolloutHandler(Rollouts rollouts, EventLog events) {
        this.rollouts = rollouts;
        this.events = events;
    }

    private interface Act {
        Optional<RolloutStatus> on(
                String task, @Nullable String experiment, JsonNode body, String author, String reason);
    }

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(
                AdminRoute.of("GET", "/admin/v1/rollout", exchange -> Answers.json(200, all(null))),
                AdminRoute.of(
                        "GET",
                        "/admin/v1/rollout/{task}",
                        exchange -> Answers.json(200, all(exchange.pathParameter("task")))),
                act(
                        "promote",
                        (task, name, body, author, why) ->
                                Optional.of(rollouts.promote(task, name, share(body.path("to")), author, why))),
                act("pause", (task, name, _, author, why) -> Optional.of(rollouts.pause(task, name, author, why))),
                act("resume", (task, name, _, author, why) -> Optional.of(rollouts.resume(task, name, author, why))),
                act("abort", (task, name, _, author, why) -> Optional.of(rollouts.abort(task, name, author, why))),
                act("acknowledge", (task, name, _, author, why) -> rollouts.acknowledge(task, name, author, why)),
                AdminRoute.of("GET", "/admin/v1/events", exchange -> Answers.json(200, events(exchange))));
    }

    private Route act(String action, Act act) {
        return AdminRoute.of("POST", "/admin/v1/rollout/{task}/" + action, exchange -> {
            JsonNode body =
                    exchange.body().length == 0 ? JsonNodeFactory.instance.objectNode() : json.read(exchange.body());
            Order order = Order.read(body, action.equals("promote") ? PROMOTION : ACTION);
            String reason = order.requireReason();
            Optional<RolloutStatus> status = act.on(
                    exchange.pathParameter("task"),
                    body.path("experiment").asString(null),
                    body,
                    order.author(),
                    reason);
            return Answers.json(
                    200,
                    status.map(now -> status(now, false))
                            .orElseGet(() -> JsonNodeFactory.instance
                                    .objectNode()
                                    .put("task", exchange.pathParameter("task"))
                                    .put("state", "gone")));
        });
    }

    private static @Nullable Long share(JsonNode percent) {
        if (percent.isMissingNode() || percent.isNull()) {
            return null;
        }
        if (!percent.isNumber() || percent.decimalValue().stripTrailingZeros().scale() > 3) {
            throw InferenceException.invalid("/to", "is a percentage with three decimals at most");
        }
        return percent.decimalValue().movePointRight(3).longValue();
    }

    private ObjectNode all(@Nullable String task) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode list = root.putArray("rollouts");
        rollouts.status().stream()
                .filter(status -> task == null || status.task().equals(task))
                .forEach(status -> list.add(status(status, task != null)));
        return root;
    }

    private static ObjectNode status(RolloutStatus status, boolean withHistory) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("task", status.task());
        node.put("experiment", status.experiment());
        node.put("version", status.version());
        node.put("control", status.control());
        node.put("state", status.state().label());
        node.put("verdict", status.judgement().verdict().label());
        node.put("words", status.judgement().words());
        node.put("percent", percent(status.share()));
        ArrayNode steps = node.putArray("steps");
        status.steps().forEach(step -> steps.add(percent(step)));
        node.put("since", status.since().toString());
        node.put("next_percent", status.next() == null ? null : percent(status.next()));
        node.put("next_at", status.nextAt() == null ? null : status.nextAt().toString());
        node.put("guard", status.guard().name().toLowerCase(Locale.ROOT));
        RolloutOverride override = status.override();
        if (override != null) {
            node.putObject("decision")
                    .put("version", override.version())
                    .put("halted", override.halted())
                    .put("paused", override.paused())
                    .put("author", override.author())
                    .put("reason", override.reason())
                    .put("time", override.since().toString());
        }
        node.set("canary", side(status.canarySide()));
        node.set("control_side", side(status.controlSide()));
        node.put("actual_percent", status.unitShare() < 0 ? null : 100 * status.unitShare());
        ArrayNode findings = node.putArray("findings");
        status.judgement().findings().forEach(finding -> findings.add(finding(finding)));
        if (withHistory) {
            ArrayNode history = node.putArray("history");
            status.history().forEach(point -> history.add(point(point)));
        }
        return node;
    }

    private static BigDecimal percent(long thousandths) {
        BigDecimal percent = BigDecimal.valueOf(thousandths, 3).stripTrailingZeros();
        return percent.scale() < 0 ? percent.setScale(0) : percent;
    }

    private static ObjectNode side(Guard.Side side) {
        Interval rate = Wilson.share(side.errors(), side.calls());
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("calls", side.calls()).put("errors", side.errors()).put("refused", side.refused());
        node.put("error_rate", side.calls() == 0 ? null : (double) side.errors() / side.calls());
        node.put("error_rate_low", rate.low()).put("error_rate_high", rate.high());
        node.put(
                "typical_us",
                side.latency().count() == 0 ? null : Math.exp(side.latency().mean()) / 1_000);
        return node;
    }

    private static ObjectNode finding(Finding finding) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("metric", finding.metric())
                .put("verdict", finding.verdict().label())
                .put("judged", finding.judged())
                .put("words", finding.words())
                .put("value", finding.value())
                .put("low", finding.low())
                .put("high", finding.high())
                .put("limit", finding.limit());
    }

    private static ObjectNode point(RolloutHistory.Point point) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("time", point.time().toString())
                .put("percent", percent(point.share()))
                .put("canary_calls", point.canaryCalls())
                .put("canary_errors", point.canaryErrors())
                .put("control_calls", point.controlCalls())
                .put("control_errors", point.controlErrors())
                .put("error_evidence", point.evidence())
                .put("latency_ratio", point.latencyRatio())
                .put("verdict", point.verdict().label());
    }

    private ObjectNode events(HttpExchange exchange) {
        String since = exchange.queryParameter("since");
        long after;
        try {
            after = since == null ? 0 : Long.parseLong(since);
        } catch (NumberFormatException e) {
            throw InferenceException.invalid("/since", "is the number of an event, but is '" + since + "'");
        }
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode list = root.putArray("events");
        events.since(after)
                .forEach(event -> list.addObject()
                        .put("number", event.number())
                        .put("time", event.time().toString())
                        .put("level", event.level().label())
                        .put("kind", event.kind())
                        .put("task", event.task())
                        .put("version", event.version())
                        .put("message", event.message()));
        return root;
    }
}

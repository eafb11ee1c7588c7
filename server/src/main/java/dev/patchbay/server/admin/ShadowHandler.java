package dev.patchbay.server.admin;

import dev.patchbay.core.shadow.ShadowReport;
import dev.patchbay.core.shadow.Shadows;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.Route;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `GET /admin/v1/shadow[/{task}]`: how the answers of shadows differ from those that callers got.
public final class ShadowHandler {

    private final Shadows shadows;

    /// Makes a handler.
    public ShadowHandler(Shadows shadows) {
        this.shadows = shadows;
    }

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(
                AdminRoute.of("GET", "/admin/v1/shadow", exchange -> Answers.json(200, reports(null))),
                AdminRoute.of(
                        "GET",
                        "/admin/v1/shadow/{task}",
                        exchange -> Answers.json(200, reports(exchange.pathParameter("task")))));
    }

    private ObjectNode reports(@Nullable String task) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode list = root.putArray("shadows");
        shadows.reports().stream()
                .filter(report -> task == null || report.key().task().equals(task))
                .forEach(report -> list.add(report(report, task != null)));
        return root;
    }

    private static ObjectNode report(ShadowReport report, boolean withPairs) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("task", report.key().task()).put("version", report.key().version());
        node.put("compared", report.compared()).put("agreed", report.agreed());
        node.put("agreement", report.compared() == 0 ? null : (double) report.agreed() / report.compared());
        node.put("agreement_low", report.agreement().low());
        node.put("agreement_high", report.agreement().high());
        node.put("failed", report.failed());
        node.put("answered_alone", report.answeredAlone());
        node.put("dropped", report.dropped());
        node.put("slower", report.slower());
        counts(node.putObject("errors"), report.errors());
        counts(node.putObject("fields"), report.fields());
        counts(node.putObject("distances"), report.distances());
        counts(node.putObject("affected_tenants"), report.affected());
        if (withPairs) {
            ArrayNode pairs = node.putArray("pairs");
            for (ShadowReport.Pair pair : report.pairs()) {
                ObjectNode entry = pairs.addObject();
                entry.put("request_id", pair.requestId()).put("tenant", pair.tenant());
                entry.put("served_by", pair.served());
                ArrayNode places = entry.putArray("differences");
                for (ShadowReport.Place place : pair.places()) {
                    places.addObject()
                            .put("path", place.path())
                            .put("served", place.served())
                            .put("shadow", place.shadow());
                }
            }
        }
        return node;
    }

    private static void counts(ObjectNode node, Map<String, Long> counts) {
        counts.forEach(node::put);
    }
}

package dev.patchbay.server.admin;

import dev.patchbay.core.outcome.OutcomeSummary;
import dev.patchbay.core.outcome.Outcomes;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `GET /admin/v1/outcomes`: what callers told about answers, by version.
public final class OutcomeHandler {

    private final Outcomes outcomes;

    /// Makes a handler.
    public OutcomeHandler(Outcomes outcomes) {
        this.outcomes = outcomes;
    }

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(AdminRoute.of(
                "GET", "/admin/v1/outcomes", exchange -> Answers.json(200, all(exchange.queryParameter("task")))));
    }

    private ObjectNode all(@Nullable String task) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode list = root.putArray("outcomes");
        for (OutcomeSummary summary : outcomes.summaries()) {
            if (task == null || task.equals(summary.key().task())) {
                ObjectNode node = list.addObject();
                node.put("task", summary.key().task())
                        .put("version", summary.key().version());
                node.put("name", summary.name()).put("count", summary.count());
                node.put("mean", summary.mean());
                if (summary.interval() != null) {
                    node.put("low", summary.interval().low());
                    node.put("high", summary.interval().high());
                }
                ObjectNode labels = node.putObject("labels");
                summary.labels().forEach(labels::put);
            }
        }
        return root;
    }
}

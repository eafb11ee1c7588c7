package dev.patchbay.server.admin;

import dev.patchbay.core.cache.ResponseCache;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.Route;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `GET /admin/v1/cache` tells which answers are kept, `DELETE /admin/v1/cache/{task}` forgets those of a task.
public final class CacheHandler {

    private final ResponseCache cache;

    /// Makes a handler.
    public CacheHandler(ResponseCache cache) {
        this.cache = cache;
    }

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(
                AdminRoute.of("GET", "/admin/v1/cache", exchange -> Answers.json(200, all())),
                AdminRoute.of("DELETE", "/admin/v1/cache/{task}", exchange -> {
                    String task = exchange.pathParameter("task");
                    ObjectNode root = JsonNodeFactory.instance.objectNode();
                    root.set("cleared", node(task, cache.clear(task)));
                    return Answers.json(200, root);
                }));
    }

    private ObjectNode all() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode tasks = root.putArray("tasks");
        cache.kept().forEach((task, kept) -> tasks.add(node(task, kept)));
        return root;
    }

    private static ObjectNode node(String task, ResponseCache.Kept kept) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("task", task)
                .put("answers", kept.answers())
                .put("bytes", kept.bytes())
                .put("evicted", kept.evicted());
    }
}

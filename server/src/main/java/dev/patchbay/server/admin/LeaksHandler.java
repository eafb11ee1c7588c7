package dev.patchbay.server.admin;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.leak.Holder;
import dev.patchbay.core.leak.LeakWatch;
import dev.patchbay.core.leak.Survivor;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.http.Route;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Retired versions whose class loaders are still there, under `/admin/v1/leaks`.
public final class LeaksHandler {

    private static final int DEPTH = 8;

    private final LeakWatch leaks;
    private final JsonReader json = new JsonReader(DEPTH);
    private final ReentrantLock explaining = new ReentrantLock();

    /// Makes a handler.
    public LeaksHandler(LeakWatch leaks) {
        this.leaks = leaks;
    }

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(
                AdminRoute.of("GET", "/admin/v1/leaks", this::list),
                AdminRoute.of("POST", "/admin/v1/leaks/explain", this::explain));
    }

    private Answer list(HttpExchange exchange) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("leaked", leaks.leaked());
        ArrayNode survivors = root.putArray("survivors");
        leaks.survivors().forEach(survivor -> write(survivors.addObject(), survivor));
        return Answers.json(200, root);
    }

    /// Looks at the heap, which stops the process for a while: it is asked for by `POST`, and once at a time.
    private Answer explain(HttpExchange exchange) {
        JsonNode body =
                exchange.body().length == 0 ? JsonNodeFactory.instance.objectNode() : json.read(exchange.body());
        String prefix = prefix(body);
        List<Survivor> asked = leaks.survivors().stream()
                .filter(survivor -> survivor.name().startsWith(prefix))
                .toList();
        if (!explaining.tryLock()) {
            throw new InferenceException(
                    ErrorCode.CONFLICT, "The heap is being looked at already. Ask again when that is done");
        }
        try {
            long from = System.nanoTime();
            Map<String, List<Holder>> holders =
                    leaks.holders(asked.stream().map(Survivor::name).toList());
            ObjectNode root = JsonNodeFactory.instance.objectNode();
            root.put("leaked", leaks.leaked());
            root.put("took_ms", (System.nanoTime() - from) / 1_000_000);
            ArrayNode survivors = root.putArray("survivors");
            for (Survivor survivor : asked) {
                // what was collected while the heap was written is no survivor
                if (holders.containsKey(survivor.name())) {
                    ObjectNode node = survivors.addObject();
                    write(node, survivor);
                    ArrayNode list = node.putArray("holders");
                    holders.getOrDefault(survivor.name(), List.of()).forEach(holder -> write(list.addObject(), holder));
                }
            }
            return Answers.json(200, root);
        } finally {
            explaining.unlock();
        }
    }

    /// How the names begin of the instances that are asked about.
    private static String prefix(JsonNode body) {
        String task = body.path("task").asString("");
        String version = body.path("version").asString("");
        if (task.isEmpty() && !version.isEmpty()) {
            throw InferenceException.invalid("/task", "names the task of the version, and is missing");
        }
        return task.isEmpty() ? "" : version.isEmpty() ? task + "@" : task + "@" + version + "#";
    }

    private static void write(ObjectNode node, Survivor survivor) {
        node.put("instance", survivor.name());
        node.put("loader", survivor.fate().label());
        node.put("retired_at", survivor.since().truncatedTo(ChronoUnit.SECONDS).toString());
        node.put("survived_collections", survivor.collections());
        ArrayNode threads = node.putArray("threads");
        survivor.threads().forEach(threads::add);
    }

    private static void write(ObjectNode node, Holder holder) {
        node.put("kind", holder.kind());
        node.put("held_by", holder.words());
        node.put("remedy", holder.remedy());
        node.put("soft", holder.soft());
        ArrayNode path = node.putArray("path");
        holder.path().forEach(path::add);
    }
}

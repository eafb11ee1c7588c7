package dev.patchbay.testkit.contract;

import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.Reply;
import dev.patchbay.testkit.RunningModule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whether a module that promises equal answers to equal requests gives them: again, in another order and many at
/// a time. What differs is mostly a clock, chance, the order of a hash table, or a field that calls share.
final class Determinism {

    private static final int REPEATS = 8;
    private static final int MOST_REQUESTS = 20;

    private Determinism() {}

    static Finding find(RunningModule module, List<JsonNode> requests) throws InterruptedException {
        if (!module.descriptor().deterministic()) {
            return Finding.skipped(
                    "the module does not promise it; if it does, say deterministic = true in @Module, or deterministic: true in module.yaml");
        }
        Map<JsonNode, JsonNode> first = new LinkedHashMap<>();
        for (JsonNode request : requests.subList(0, Math.min(MOST_REQUESTS, requests.size()))) {
            if (module.ask(request) instanceof Reply.Answer answer) {
                first.put(request, answer.json());
            }
        }
        List<JsonNode> backwards = new ArrayList<>(first.keySet()).reversed();
        for (int i = 0; i < REPEATS; i++) {
            for (JsonNode request : backwards) {
                Finding difference = compare(request, first.get(request), module.ask(request), "asked again");
                if (difference != null) {
                    return difference;
                }
            }
        }
        Finding together = together(module, first);
        return together == null
                ? Finding.passed("%d requests, %d times one by one and %d at a time"
                        .formatted(first.size(), REPEATS + 1, REPEATS))
                : together;
    }

    private static @Nullable Finding together(RunningModule module, Map<JsonNode, JsonNode> first)
            throws InterruptedException {
        List<Map.Entry<JsonNode, CompletableFuture<Reply>>> replies = new ArrayList<>();
        for (int i = 0; i < REPEATS; i++) {
            for (JsonNode request : first.keySet()) {
                replies.add(Map.entry(request, module.send(JsonMapper.shared().writeValueAsBytes(request))));
            }
        }
        for (Map.Entry<JsonNode, CompletableFuture<Reply>> reply : replies) {
            try {
                Finding difference = compare(
                        reply.getKey(),
                        first.get(reply.getKey()),
                        reply.getValue().get(),
                        "asked many at a time");
                if (difference != null) {
                    return difference;
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("a reply never fails", e);
            }
        }
        return null;
    }

    private static @Nullable Finding compare(JsonNode request, @Nullable JsonNode expected, Reply reply, String how) {
        if (reply instanceof Reply.Answer answer && answer.json().equals(expected)) {
            return null;
        }
        return Finding.failed("""
                the module promises equal answers to equal requests, but %s it gave another one
                first: %s
                then:  %s
                asked: %s
                Look for the time, chance, the order of a hash table, or a field that calls share; or do not promise it\
                """.formatted(how, expected, reply.describe(), request));
    }
}

package dev.patchbay.llm.journal;

import dev.patchbay.api.Call;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.llm.budget.Bill;
import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Usage;
import dev.patchbay.llm.config.LlmConfig;
import dev.patchbay.llm.guard.Pii;
import dev.patchbay.llm.guard.Rails;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The record of one call while it is made: who asked what, who was tried, what rails said, what it used up, and how it
/// ended. Used by one thread.
public final class CallEntry {

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final ArrayNode rails = JsonNodeFactory.instance.arrayNode();
    private final long began = System.nanoTime();
    private final LlmConfig.Texts texts;
    private final Pii pii;
    private int reasks;

    /// Begins a record.
    ///
    /// @param model the model's name in the config
    /// @param pii finds the personal data that texts are kept without
    public CallEntry(Call call, String model, boolean stream, LlmConfig.Texts texts, Pii pii) {
        this.pii = pii;
        this.texts = texts;
        json.put("time", Instant.now().toString());
        json.put("request_id", call.requestId());
        json.put("traceparent", call.traceparent());
        json.put("tenant", call.tenant().orElse(null));
        json.put("task", call.task()).put("version", call.version());
        json.put("mode", word(call.mode())).put("stream", stream);
        json.put("model", model);
    }

    /// Notes what goes to the model, if texts are kept. Personal data does not stay in it.
    public void asked(ChatRequest request) {
        if (texts == LlmConfig.Texts.REDACTED) {
            ArrayNode messages = json.putArray("messages");
            for (ChatMessage message : request.messages()) {
                messages.addObject()
                        .put("role", message.role().wireName())
                        .put("content", pii.redacted(message.text()));
            }
        }
    }

    /// Notes what a rail found.
    public void found(String where, Rails.Kind rail, Rails.OnFail did) {
        rails.addObject().put("where", where).put("rail", word(rail)).put("did", word(did));
    }

    /// Notes that an answer did not fit and is asked for again.
    public void reasked() {
        reasks++;
    }

    /// Notes a whole answer of a model.
    public void answered(ChatAnswer answer) {
        json.put("answered_by", answer.model()).put("finish", word(answer.finish()));
        if (texts == LlmConfig.Texts.REDACTED) {
            json.put("answer", pii.redacted(answer.text()));
        }
    }

    /// Notes that another task or version answers instead.
    public void fellBack(String to, InferenceException why) {
        json.put("fallback", to).put("reason", why.code().id());
    }

    /// Ends the record of a call that was answered.
    public void whole() {
        json.put("ended", json.has("fallback") ? "fallback" : "whole");
    }

    /// Ends the record of a call that was not.
    ///
    /// @param seen whether its caller saw a part of an answer
    public void failed(ErrorCode code, boolean seen) {
        String ended = switch (code) {
            case CANCELLED -> "cancelled";
            case BLOCKED -> "blocked";
            default -> seen ? "truncated" : "failed";
        };
        json.put("ended", ended).put("error", code.id());
    }

    /// Gives the record.
    ///
    /// @param bill null if the call came to no model
    /// @param prices names the table that it was priced with
    public ObjectNode json(@Nullable Bill bill, String prices) {
        if (bill != null) {
            ArrayNode tries = json.putArray("tries");
            for (Bill.Try each : bill.tries()) {
                ObjectNode node = tries.addObject()
                        .put("target", each.target())
                        .put("ended", each.ended())
                        .put("counted", each.counted());
                tokens(node, each.usage());
            }
            tokens(json.putObject("usage"), bill.usage());
            Double cost = bill.cost();
            // a cost that is not known is null, and not zero
            json.put("cost", cost).put("prices", prices);
            json.put("retries", bill.retries());
            json.put("hedges", bill.hedges());
        }
        json.put("reasks", reasks);
        json.set("rails", rails);
        json.put("ms", (System.nanoTime() - began) / 1_000 / 1000.0);
        return json;
    }

    private static void tokens(ObjectNode node, Usage usage) {
        node.put("input", usage.input())
                .put("cache_read", usage.cacheRead())
                .put("cache_write", usage.cacheWrite())
                .put("output", usage.output());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

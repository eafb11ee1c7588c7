package dev.patchbay.server.inference;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.outcome.Feedback;
import dev.patchbay.core.outcome.Joined;
import dev.patchbay.core.outcome.Outcomes;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.answer.Problem;
import dev.patchbay.server.http.HttpExchange;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `POST /v1/feedback`: what became of an answer.
public final class FeedbackHandler {

    private static final Set<String> MEMBERS = Set.of("request_id", "task", "unit", "name", "value", "time");
    private static final int DEPTH = 4;
    private static final int LABEL = 64;
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private final Outcomes outcomes;
    private final JsonReader json = new JsonReader(DEPTH);

    /// Makes a handler.
    public FeedbackHandler(Outcomes outcomes) {
        this.outcomes = outcomes;
    }

    /// Takes one piece of feedback.
    public void take(HttpExchange exchange) {
        try {
            Headers.requireJson(exchange);
            Joined joined = outcomes.tell(
                    feedback(json.read(exchange.body()), Headers.tenant(exchange.header("inference-tenant"))));
            exchange.respond(Answers.json(
                    202,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("counted", joined.counted())
                            .put("task", joined.task())
                            .put("version", joined.version())));
        } catch (InferenceException refused) {
            exchange.respond(Answers.problem(Problem.of(refused)));
        }
    }

    private static Feedback feedback(JsonNode node, @Nullable String tenant) {
        if (!(node instanceof ObjectNode body)) {
            throw InferenceException.invalid("", "must be an object with request_id, name and value");
        }
        for (String member : body.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw InferenceException.invalid("/" + member, "is not known here");
            }
        }
        requireTime(body.path("time"));
        String name = text(body, "name");
        if (name == null) {
            throw InferenceException.invalid("/name", "names the outcome, and is missing");
        }
        return new Feedback(
                text(body, "request_id"), text(body, "task"), unit(body), tenant, name, value(body.path("value")));
    }

    private static @Nullable String text(ObjectNode body, String member) {
        JsonNode value = body.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString() || value.stringValue().isBlank()) {
            throw InferenceException.invalid("/" + member, "must be text");
        }
        return value.stringValue();
    }

    private static @Nullable String unit(ObjectNode body) {
        JsonNode unit = body.path("unit");
        return unit.isNumber() ? unit.asString() : text(body, "unit");
    }

    private static Feedback.Value value(JsonNode value) {
        if (value.isBoolean()) {
            return new Feedback.Value.Amount(value.booleanValue() ? 1 : 0, true);
        }
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            return new Feedback.Value.Amount(value.doubleValue(), false);
        }
        if (value.isString()
                && !value.stringValue().isBlank()
                && value.stringValue().length() <= LABEL) {
            return new Feedback.Value.Label(value.stringValue());
        }
        throw InferenceException.invalid(
                "/value", "must be true or false, a number, or a label of at most %d characters".formatted(LABEL));
    }

    private static void requireTime(JsonNode time) {
        if (time.isMissingNode() || time.isNull()) {
            return;
        }
        try {
            Instant told = OffsetDateTime.parse(time.asString()).toInstant();
            if (told.isAfter(Instant.now().plus(CLOCKS_DIFFER))) {
                throw InferenceException.invalid("/time", "lies in the future");
            }
        } catch (DateTimeException e) {
            throw InferenceException.invalid("/time", "must be a time such as 2026-03-01T09:30:00Z");
        }
    }
}

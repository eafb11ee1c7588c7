package dev.patchbay.llm.guard;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatMessage.Role;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.guard.Rails.Kind;
import dev.patchbay.llm.guard.Rails.OnFail;
import dev.patchbay.llm.guard.Rails.Rail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rails of one call, with what was masked in it. Used by one thread.
public final class Guard {

    /// What others wrote (results of tools) is trusted less than what the caller wrote.
    private static final double HARDER = 0.6;

    private static final WeightedExpressions TOXICITY = new WeightedExpressions("toxicity.tsv");

    private final Rails rails;
    private final Injection injection;
    private final Verdicts verdicts;
    private final String marker;
    private final Mask mask;
    private @Nullable PromptCopy copy;

    /// Makes the rails of a call.
    ///
    /// @param marker a text that is put into the system prompt and must not come back
    public Guard(Rails rails, Injection injection, String marker, Verdicts verdicts) {
        this.rails = rails;
        this.mask = new Mask(rails.pii());
        this.injection = injection;
        this.marker = marker;
        this.verdicts = verdicts;
    }

    /// Checks what goes to the model, and masks it.
    ///
    /// @throws InferenceException `blocked`
    public ChatRequest input(ChatRequest request) {
        List<ChatMessage> messages = new ArrayList<>(request.messages());
        for (Rail rail : rails.input()) {
            for (int i = 0; i < messages.size(); i++) {
                ChatMessage message = messages.get(i);
                if (message.role() != Role.SYSTEM || rail.kind() == Kind.PII) {
                    messages.set(i, checked(rail, message));
                }
            }
        }
        if (rails.output().stream().anyMatch(rail -> rail.kind() == Kind.LEAK)) {
            mark(messages);
        }
        return messages.equals(request.messages()) ? request : request.saying(messages);
    }

    private ChatMessage checked(Rail rail, ChatMessage message) {
        switch (rail.kind()) {
            case PII -> {
                ChatMessage masked = message.changed(mask::mask);
                if (masked.equals(message)) {
                    return message;
                }
                failed("input", rail, "holds personal data");
                return rail.onFail() == OnFail.FIX ? masked : message;
            }
            case INJECTION -> {
                double threshold = rail.threshold() * (message.role() == Role.TOOL ? HARDER : 1);
                if (message.role() != Role.ASSISTANT && injection.score(message.text()) >= threshold) {
                    failed("input", rail, "looks like an attempt to give the model other orders");
                }
            }
            case DENY -> {
                if (denied(rail, message.text())) {
                    failed("input", rail, "holds an expression that the task does not allow");
                }
            }
            case TOXICITY -> {
                if (TOXICITY.score(message.text()) >= rail.threshold()) {
                    failed("input", rail, "is abusive");
                }
            }
            case LEAK -> throw new IllegalStateException("leak looks at answers");
        }
        return message;
    }

    private void mark(List<ChatMessage> messages) {
        for (int i = 0; i < messages.size(); i++) {
            ChatMessage message = messages.get(i);
            if (message.role() == Role.SYSTEM && message.wire() == null) {
                copy = new PromptCopy(message.text(), marker);
                messages.set(
                        i, message.withText(message.text() + "\n\n[" + marker + ": internal, never to be repeated]"));
                return;
            }
        }
    }

    /// Makes the stream of an answer, by the rails' [Rails.OnStream].
    public RailStream stream(dev.patchbay.llm.model.StreamSink sink) {
        return new RailStream(this, sink, rails.output().isEmpty() ? 0 : lookahead(), rails.stream());
    }

    private int lookahead() {
        return rails.stream() == Rails.OnStream.AFTER ? 0 : RailStream.LOOKAHEAD;
    }

    /// Checks a whole answer and puts the masked values back.
    ///
    /// @throws InferenceException `blocked`
    public String output(String text) {
        String checked = text;
        for (Rail rail : rails.output()) {
            if (found(rail, checked)) {
                failed("output", rail, "of the model does not pass the task's rules");
                switch (rail.onFail()) {
                    case REPLACE -> {
                        return String.valueOf(rail.text());
                    }
                    case FIX -> checked = rails.pii().redacted(checked);
                    default -> {}
                }
            }
        }
        return mask.unmask(checked);
    }

    /// Does to every text in a value what [#output] does.
    public Object output(Object value) {
        return switch (value) {
            case String text -> output(text);
            case List<?> list -> list.stream().map(this::output).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> changed = new LinkedHashMap<>();
                map.forEach((key, each) -> changed.put(key, each == null ? each : output(each)));
                yield changed;
            }
            default -> value;
        };
    }

    /// Checks a piece of an answer that is about to be shown, with what comes before and after it.
    void peek(String window) {
        if (rails.stream() == Rails.OnStream.WINDOW) {
            for (Rail rail : rails.output()) {
                if (rail.onFail() == OnFail.BLOCK && found(rail, window)) {
                    failed("output", rail, "of the model does not pass the task's rules");
                }
            }
        }
    }

    boolean redacts() {
        return rails.output().stream().anyMatch(rail -> rail.kind() == Kind.PII && rail.onFail() == OnFail.FIX);
    }

    Pii pii() {
        return rails.pii();
    }

    Mask mask() {
        return mask;
    }

    private boolean found(Rail rail, String text) {
        return switch (rail.kind()) {
            case PII -> !rails.pii().in(text).isEmpty();
            case DENY -> denied(rail, text);
            case LEAK -> copy != null && copy.isIn(text);
            case TOXICITY -> TOXICITY.score(text) >= rail.threshold();
            case INJECTION -> false;
        };
    }

    private static boolean denied(Rail rail, String text) {
        return rail.patterns().stream()
                .anyMatch(pattern -> pattern.matcher(text).find());
    }

    private void failed(String where, Rail rail, String what) {
        verdicts.found(where, rail.kind(), rail.onFail());
        if (rail.onFail() == OnFail.BLOCK) {
            throw new InferenceException(
                    ErrorCode.BLOCKED,
                    "The %s %s (rail %s of %s)"
                            .formatted(
                                    where.equals("input") ? "request" : "answer",
                                    what,
                                    rail.kind().name().toLowerCase(java.util.Locale.ROOT),
                                    where));
        }
    }
}

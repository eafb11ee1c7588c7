package dev.patchbay.llm.prompt;

import dev.patchbay.api.Call;
import dev.patchbay.api.CallMode;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.FieldError;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.api.Parts;
import dev.patchbay.api.StreamingModule;
import dev.patchbay.api.runtime.Folder;
import dev.patchbay.llm.budget.Bill;
import dev.patchbay.llm.budget.Budgets;
import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatMessage.Role;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.FinishReason;
import dev.patchbay.llm.chat.Usage;
import dev.patchbay.llm.config.LlmConfig;
import dev.patchbay.llm.guard.Guard;
import dev.patchbay.llm.guard.RailStream;
import dev.patchbay.llm.guard.Rails;
import dev.patchbay.llm.guard.Verdicts;
import dev.patchbay.llm.journal.CallEntry;
import dev.patchbay.llm.journal.CallJournal;
import dev.patchbay.llm.model.ModelCall;
import dev.patchbay.llm.model.ModelFailed;
import dev.patchbay.llm.model.Models;
import dev.patchbay.llm.model.Rehearsal;
import dev.patchbay.llm.model.StreamSink;
import dev.patchbay.llm.model.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The life of a call to a prompt, top to bottom: the templates are filled, what it may use up is reserved, the
/// model's targets are asked, the answer is typed, what it used up is settled, and a record of it is written. If no
/// model
/// answers, the fallback does. The config that a call begins with holds for all of it.
final class PromptModule implements StreamingModule<Object, Object, Object> {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    /// Percent of a call's time that models may take when there is a fallback.
    private static final int MODELS_SHARE = 80;

    /// The longest that a rehearsal takes.
    private static final Duration REHEARSAL = Duration.ofSeconds(5);

    private final Prompt prompt;
    private final LlmKind kind;
    /// Stands in the system prompt where a rail looks for leaks.
    private final String marker = "marker-" + UUID.randomUUID();
    private PromptMetrics metrics;

    PromptModule(Prompt prompt, LlmKind kind) {
        this.prompt = prompt;
        this.kind = kind;
    }

    @Override
    public void load(ModuleContext context) {
        context.own(kind.use(prompt.model(), context.task() + "@" + context.version()));
        metrics = new PromptMetrics(context.metrics(), context.logger());
    }

    /// Fills the templates once with each example, and answers the first by a provider inside this process. No model is
    /// asked: that would cost money.
    @Override
    public void warmup(List<Object> examples, Call call) throws InterruptedException {
        ChatRequest request = new ChatRequest(
                "", List.of(ChatMessage.of(Role.USER, "Hello")), MAPPER.createObjectNode(), prompt.answer(), Map.of());
        for (int i = examples.size() - 1; i >= 0; i--) {
            request = prompt.request((Map<?, ?>) examples.get(i), call);
        }
        rehearse(request, call);
    }

    /// Answers without a model, so that the first call finds loaded what it needs. That it fails means nothing.
    private void rehearse(ChatRequest request, Call call) throws InterruptedException {
        Models models = kind.models();
        try (Rehearsal rehearsal = new Rehearsal(models, prompt.model())) {
            for (Target target : rehearsal.targets()) {
                CallEntry entry = new CallEntry(
                        call,
                        prompt.model(),
                        true,
                        LlmConfig.Texts.NONE,
                        prompt.rails().pii());
                Answering answering = new Answering(models, entry, call, part -> {});
                Guard guard = new Guard(prompt.rails(), kind.injection(), marker, (where, rail, onFail) -> {});
                ChatRequest guarded = guard.input(request);
                Bill bill = new Bill(models.config().prices(), guarded);
                ModelCall model = new ModelCall(
                        List.of(target),
                        models.config().timeouts(),
                        models.config().retry(),
                        null,
                        prompt.afterFirstToken(),
                        () -> REHEARSAL,
                        bill);
                answering.text(model, guarded, guard);
                model.ask(guarded, null);
                entry.whole();
                entry.json(bill, "");
            }
        } catch (ModelFailed | RuntimeException e) {
            metrics.notRehearsed(e);
        }
    }

    @Override
    public Object predict(Object request, Call call) throws InterruptedException {
        return answer((Map<?, ?>) request, call, null);
    }

    @Override
    public Object stream(Object request, Call call, Parts<Object> parts) throws InterruptedException {
        return answer((Map<?, ?>) request, call, parts);
    }

    private Object answer(Map<?, ?> input, Call call, @Nullable Parts<Object> parts) throws InterruptedException {
        if (call.mode() == CallMode.WARMUP) {
            throw InferenceException.dependency("A prompt asks no model while another module warms up", null);
        }
        Models models = kind.models();
        LlmConfig.Journal journal = models.config().journal();
        CallEntry entry = new CallEntry(
                call,
                prompt.model(),
                parts != null,
                journal == null ? LlmConfig.Texts.NONE : journal.texts(),
                prompt.rails().pii());
        Answering answering = new Answering(models, entry, call, parts);
        try {
            Object answer = answering.answer(input);
            entry.whole();
            return answer;
        } catch (InferenceException e) {
            entry.failed(e.code(), answering.seen);
            throw e;
        } catch (InterruptedException e) {
            entry.failed(call.remaining().isZero() ? ErrorCode.DEADLINE_EXCEEDED : ErrorCode.CANCELLED, answering.seen);
            throw e;
        } catch (RuntimeException e) {
            entry.failed(ErrorCode.MODULE_FAILED, answering.seen);
            throw e;
        } finally {
            write(entry.json(answering.bill, models.config().prices().version()), call);
        }
    }

    private void write(JsonNode record, Call call) {
        CallJournal journal = kind.journal();
        if (journal != null) {
            try {
                journal.add(record);
            } catch (IOException e) {
                metrics.recordLost(call.requestId(), e);
            }
        }
    }

    /// One call.
    private final class Answering implements Verdicts {

        private final Models models;
        private final CallEntry entry;
        private final Call call;
        private final @Nullable Parts<Object> parts;
        private @Nullable Bill bill;
        /// Whether the caller saw a part of an answer that is not whole.
        private boolean seen;

        Answering(Models models, CallEntry entry, Call call, @Nullable Parts<Object> parts) {
            this.models = models;
            this.entry = entry;
            this.call = call;
            this.parts = parts;
        }

        @Override
        public void found(String where, Rails.Kind rail, Rails.OnFail onFail) {
            metrics.found(where, rail, onFail);
            entry.found(where, rail, onFail);
        }

        Object answer(Map<?, ?> input) throws InterruptedException {
            List<Target> targets = models.targets(prompt.model());
            if (targets == null) {
                throw InferenceException.dependency(
                        "There is no model '%s' in the config; there are: %s"
                                .formatted(prompt.model(), String.join(", ", models.names())),
                        null);
            }
            Guard guard = new Guard(prompt.rails(), kind.injection(), marker, this);
            ChatRequest request = guard.input(request(input, call));
            entry.asked(request);
            Budgets.Reservation reservation;
            try {
                reservation = kind.budgets()
                        .reserve(
                                call.tenant().orElse(null),
                                call.task(),
                                targets,
                                models.config().prices(),
                                request,
                                prompt.mostTokens());
            } catch (InferenceException overBudget) {
                return fallback(input, overBudget);
            }
            Bill opened = new Bill(models.config().prices(), request);
            bill = opened;
            ModelCall model = new ModelCall(
                    targets,
                    prompt.timeouts() == null ? models.config().timeouts() : prompt.timeouts(),
                    models.config().retry(),
                    hedge(),
                    prompt.afterFirstToken(),
                    remaining(call),
                    opened);
            try {
                return prompt.answerCheck() == null
                        ? text(model, request, guard)
                        : typed(model, request, checked(prompt.answerCheck(), input), guard);
            } catch (ModelFailed failed) {
                InferenceException error =
                        ModelErrors.of(prompt.model(), failed, call.remaining().isZero());
                if (failed.seen()) {
                    seen = true;
                    metrics.truncated();
                    throw error;
                }
                return fallback(input, error);
            } finally {
                reservation.settle(opened);
                reservation.unwritten().ifPresent(why -> metrics.spendingLost(call.requestId(), why));
                metrics.billed(opened);
            }
        }

        private LlmConfig.@Nullable Hedge hedge() {
            LlmConfig.Hedge hedge = models.config().hedge();
            return hedge != null && hedge.holdsFor(prompt.model()) ? hedge : null;
        }

        private ChatAnswer asked(ModelCall model, ChatRequest request, @Nullable StreamSink sink)
                throws ModelFailed, InterruptedException {
            long from = System.nanoTime();
            try {
                ChatAnswer answer = model.ask(request, sink);
                entry.answered(answer);
                return answer;
            } finally {
                prompt.folder().modelRan(from, System.nanoTime());
            }
        }

        private Object text(ModelCall model, ChatRequest request, Guard guard)
                throws ModelFailed, InterruptedException {
            if (parts == null) {
                return PromptModule.text(guarded(asked(model, request, null), guard));
            }
            PartSink sink = new PartSink(parts);
            RailStream stream = guard.stream(sink);
            ChatAnswer answer = asked(model, request, stream);
            ChatAnswer guarded = guarded(answer, guard);
            if (stream.finish(guarded.text())) {
                sink.take(new Delta.ToolCalls(numbered(guarded.toolCalls())));
            }
            return PromptModule.text(guarded);
        }

        /// Asks until the answer fits its schema. Nothing of it is shown before it does.
        private Object typed(ModelCall model, ChatRequest request, Folder.Check check, Guard guard)
                throws ModelFailed, InterruptedException {
            ChatRequest next = request;
            for (int tries = 0; ; tries++) {
                ChatAnswer answer = asked(model, next, null);
                if (answer.finish() == FinishReason.LENGTH) {
                    throw new InferenceException(
                            ErrorCode.INVALID_RESPONSE,
                            "The model's answer was longer than llm.max_tokens = %d allows, so it is not whole"
                                    .formatted(prompt.mostTokens()));
                }
                TypedAnswer typed = TypedAnswer.of(answer.text(), check, guard::output);
                if (typed.value() != null && typed.errors().isEmpty()) {
                    return typed.value();
                }
                if (tries == prompt.reasks()) {
                    throw new InferenceException(
                            ErrorCode.INVALID_RESPONSE,
                            "The model's answer does not fit the task's schema, after %d tries: %s"
                                    .formatted(tries + 1, typed.complaint()),
                            typed.errors(),
                            null,
                            null);
                }
                metrics.reasked();
                entry.reasked();
                List<ChatMessage> more = new ArrayList<>(request.messages());
                more.add(ChatMessage.of(Role.ASSISTANT, answer.text()));
                more.add(ChatMessage.of(
                        Role.USER,
                        "That does not fit: %s. Answer again with JSON that fulfils the schema, and with nothing else."
                                .formatted(typed.complaint())));
                next = request.saying(more);
            }
        }

        /// Gives the pieces of an answer as the parts of the module's.
        private final class PartSink implements StreamSink {

            private final Parts<Object> to;

            PartSink(Parts<Object> to) {
                this.to = to;
            }

            @Override
            public void take(Delta delta) {
                switch (delta) {
                    case Delta.Text(String text) -> emit(Map.of("text", text));
                    case Delta.ToolCalls(JsonNode calls) -> emit(Map.of("tool_calls", calls));
                    case Delta.Reasoning _ -> {
                        // no content of the answer
                    }
                }
            }

            private void emit(Object part) {
                to.emit(part);
                seen = true;
            }

            @Override
            public void restarted() {
                to.emit(Map.of("restart", true));
            }
        }

        /// Lets somebody else answer, if the prompt names one.
        private Object fallback(Map<?, ?> input, InferenceException error) {
            if (prompt.fallback() == null) {
                throw error;
            }
            metrics.fellBack(call.requestId(), prompt.fallback(), error);
            entry.fellBack(prompt.fallback(), error);
            call.noStore();
            return call.infer(prompt.fallback(), input, Object.class);
        }
    }

    /// Gives the time for models: all there is, or the part of it that leaves some for the fallback.
    private Supplier<Duration> remaining(Call call) {
        if (prompt.fallback() == null) {
            return call::remaining;
        }
        long end = System.nanoTime() + call.remaining().toNanos() * MODELS_SHARE / 100;
        return () -> Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private ChatRequest request(Map<?, ?> input, Call call) {
        try {
            return prompt.request(input, call);
        } catch (IllegalArgumentException e) {
            throw new InferenceException(
                    ErrorCode.INVALID_REQUEST, "The prompt cannot be made of this request: " + e.getMessage());
        }
    }

    private static ChatAnswer guarded(ChatAnswer answer, Guard guard) {
        List<JsonNode> calls = answer.toolCalls().stream()
                .map(call -> MAPPER.<JsonNode>valueToTree(guard.output(MAPPER.treeToValue(call, Object.class))))
                .toList();
        return new ChatAnswer(
                answer.model(), guard.output(answer.text()), calls, answer.finish(), answer.usage(), answer.extra());
    }

    private static JsonNode numbered(List<JsonNode> calls) {
        ArrayNode numbered = MAPPER.createArrayNode();
        for (JsonNode call : calls) {
            numbered.add(((ObjectNode) call.deepCopy()).put("index", numbered.size()));
        }
        return numbered;
    }

    private static Map<String, Object> text(ChatAnswer answer) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("text", answer.text());
        text.put("finish", answer.finish().name().toLowerCase(Locale.ROOT));
        text.put("model", answer.model());
        Usage usage = answer.usage();
        if (usage != null) {
            text.put(
                    "usage",
                    Map.of(
                            "input", usage.input(),
                            "cache_read", usage.cacheRead(),
                            "cache_write", usage.cacheWrite(),
                            "output", usage.output()));
        }
        if (!answer.toolCalls().isEmpty()) {
            text.put("tool_calls", MAPPER.valueToTree(answer.toolCalls()));
        }
        return text;
    }

    /// Checks by the schema, and by the source if the prompt names one.
    private Folder.Check checked(Folder.Check schema, Map<?, ?> input) {
        Grounding grounding = prompt.grounding();
        return grounding == null
                ? schema
                : answer -> {
                    List<FieldError> errors = schema.errors(answer);
                    return errors.isEmpty() ? grounding.errors(answer, input) : errors;
                };
    }
}

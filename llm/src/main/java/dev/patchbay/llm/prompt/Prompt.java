package dev.patchbay.llm.prompt;

import dev.patchbay.api.Call;
import dev.patchbay.api.runtime.Folder;
import dev.patchbay.llm.chat.ChatMessage;
import dev.patchbay.llm.chat.ChatMessage.Role;
import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.Timeouts;
import dev.patchbay.llm.guard.Rails;
import dev.patchbay.llm.model.AfterFirstToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A prompt as its folder says, checked.
///
/// @param model the name of a model in `patchbay.yaml`
/// @param system null for none
/// @param user null if the request is a conversation
/// @param shots questions and the answers that are wanted, shown to the model before the real question
/// @param parameters goes to the provider as it is
/// @param mostTokens the most tokens the model may answer with
/// @param answer the JSON Schema of the answer; null for free text
/// @param answerCheck the same, compiled
/// @param timeouts null for those of `patchbay.yaml`
/// @param reasks how often an answer that does not fit its schema is asked for again
/// @param grounding null if answers need no source
/// @param fallback a task, or `task@version`, that answers when no model does
record Prompt(
        String model,
        @Nullable Template system,
        @Nullable Template user,
        List<Shot> shots,
        ObjectNode parameters,
        long mostTokens,
        @Nullable JsonNode answer,
        Folder.@Nullable Check answerCheck,
        @Nullable Timeouts timeouts,
        AfterFirstToken afterFirstToken,
        int reasks,
        @Nullable String fallback,
        Rails rails,
        @Nullable Grounding grounding,
        Folder folder) {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    /// Fields of a conversation that are ours and not the provider's.
    private static final Set<String> OURS = Set.of("model", "messages", "stream", "stream_options");
    private static final List<String> MOST_TOKENS = List.of("max_tokens", "max_completion_tokens");

    /// A question with the answer that is wanted.
    record Shot(Map<?, ?> request, String answer) {}

    /// Makes the question for a model.
    ///
    /// @throws IllegalArgumentException if a template needs a field that is absent, or a message cannot be read
    ChatRequest request(Map<?, ?> input, Call call) {
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null) {
            messages.add(ChatMessage.of(Role.SYSTEM, system.fill(input)));
        }
        ObjectNode given = parameters.deepCopy();
        if (user == null) {
            ObjectNode conversation = MAPPER.valueToTree(input);
            int number = 0;
            for (JsonNode message : conversation.path("messages")) {
                try {
                    messages.add(ChatMessage.read((ObjectNode) message));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("/messages/" + number + " " + e.getMessage(), e);
                }
                number++;
            }
            conversation.properties().forEach(field -> {
                if (!OURS.contains(field.getKey()) && !field.getValue().isNull()) {
                    given.set(field.getKey(), field.getValue());
                }
            });
        } else {
            for (Shot shot : shots) {
                messages.add(ChatMessage.of(Role.USER, user.fill(shot.request())));
                messages.add(ChatMessage.of(Role.ASSISTANT, shot.answer()));
            }
            messages.add(ChatMessage.of(Role.USER, user.fill(input)));
        }
        bound(given);
        Map<String, String> headers = new HashMap<>();
        headers.put("traceparent", call.traceparent());
        call.tracestate().ifPresent(state -> headers.put("tracestate", state));
        return new ChatRequest("", messages, given, answer, headers);
    }

    /// A caller may ask for fewer tokens than the prompt allows, not for more.
    private void bound(ObjectNode given) {
        boolean named = false;
        for (String name : MOST_TOKENS) {
            if (given.has(name)) {
                long asked = given.path(name).asLong(mostTokens);
                given.put(name, asked > 0 ? Math.min(mostTokens, asked) : mostTokens);
                named = true;
            }
        }
        if (!named) {
            given.put(MOST_TOKENS.getFirst(), mostTokens);
        }
    }
}

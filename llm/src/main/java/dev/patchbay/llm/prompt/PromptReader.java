package dev.patchbay.llm.prompt;

import dev.patchbay.api.runtime.Folder;
import dev.patchbay.api.runtime.Keys;
import dev.patchbay.llm.chat.Timeouts;
import dev.patchbay.llm.config.LlmConfigReader;
import dev.patchbay.llm.guard.Rails;
import dev.patchbay.llm.model.AfterFirstToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads a prompt from its folder: `system.md`, `user.md`, `shots/*.json`, `request.schema.json`,
/// `response.schema.json`, and the section `llm` of `module.yaml`.
final class PromptReader {

    static final String REQUEST = "request.schema.json";
    static final String RESPONSE = "response.schema.json";
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final Pattern TASK = Pattern.compile("[a-z][a-z0-9_]{0,62}(@[0-9A-Za-z][0-9A-Za-z.+-]*)?");

    private final Keys keys;
    private final Folder folder;
    private final Map<String, Object> requestSchema;
    private final @Nullable Map<String, Object> responseSchema;

    private PromptReader(Keys keys, Folder folder) {
        this.keys = keys;
        this.folder = folder;
        Map<String, Object> request = schema(REQUEST);
        this.requestSchema = request == null ? Schemas.CONVERSATION : request;
        this.responseSchema = schema(RESPONSE);
    }

    /// A prompt with the schemas of its task.
    record Read(
            Prompt prompt,
            Map<String, Object> request,
            @Nullable Map<String, Object> response) {}

    /// Reads a prompt.
    ///
    /// @throws IllegalArgumentException if something is wrong, naming file or key
    static Read read(Map<String, Object> section, Folder folder) {
        PromptReader reader = new PromptReader(new Keys("llm.", section), folder);
        return new Read(reader.prompt(), reader.requestSchema, reader.responseSchema);
    }

    private Prompt prompt() {
        Set<String> fields = Schemas.fields(requestSchema);
        Template system = template("system", "system.md", fields);
        Template user = template("user", "user.md", fields);
        if (user == null && !fields.contains("messages")) {
            throw new IllegalArgumentException(
                    "there is no user.md, so the request must be a conversation, but %s has no field 'messages'. Write user.md, or leave %s away"
                            .formatted(REQUEST, REQUEST));
        }
        if (user != null && requestSchema == Schemas.CONVERSATION) {
            throw new IllegalArgumentException(
                    "there is a user.md but no %s; it types the variables of the prompt".formatted(REQUEST));
        }
        String fallback = keys.text("fallback");
        if (fallback != null && !TASK.matcher(fallback).matches()) {
            throw keys.wrong("fallback", "must be a task or task@version, but is '" + fallback + "'");
        }
        Prompt prompt = new Prompt(
                keys.required("model", "the name of a model under llm.models of patchbay.yaml"),
                system,
                user,
                user == null ? List.of() : shots(user),
                parameters(),
                keys.integer("max_tokens", 1, 10_000_000, 1024),
                responseSchema == null ? null : MAPPER.valueToTree(responseSchema),
                responseSchema == null ? null : compiled(RESPONSE, responseSchema),
                keys.has("timeouts") ? LlmConfigReader.timeouts(keys.section("timeouts"), Timeouts.DEFAULT) : null,
                keys.choice("after_first_token", AfterFirstToken.class, AfterFirstToken.FAIL),
                (int) keys.integer("reasks", 0, 5, 1),
                fallback,
                Rails.read(keys.section("rails"), folder::text),
                grounding(),
                folder);
        keys.finish();
        compiled(REQUEST, requestSchema);
        return prompt;
    }

    private @Nullable Grounding grounding() {
        if (!keys.has("grounding")) {
            return null;
        }
        Keys section = keys.section("grounding");
        Grounding grounding = new Grounding(
                section.required("quote", "the field of the answer that quotes"),
                section.required("source", "the field of the request that is quoted"));
        section.finish();
        if (responseSchema == null || !Schemas.fields(responseSchema).contains(grounding.quote())) {
            throw section.wrong("quote", "'" + grounding.quote() + "' is no field of " + RESPONSE);
        }
        if (!Schemas.fields(requestSchema).contains(grounding.source())) {
            throw section.wrong("source", "'" + grounding.source() + "' is no field of " + REQUEST);
        }
        return grounding;
    }

    private @Nullable Template template(String key, String usual, Set<String> fields) {
        String named = keys.text(key);
        String file = named == null ? usual : named;
        String text = folder.text(file).orElse(null);
        if (text == null) {
            if (named != null) {
                throw keys.wrong(key, "names '" + named + "', but the folder has no such file");
            }
            return null;
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException(file + " is empty");
        }
        return Template.read(file, text, fields);
    }

    private List<Prompt.Shot> shots(Template user) {
        List<Prompt.Shot> shots = new ArrayList<>();
        Folder.Check check = compiled(REQUEST, requestSchema);
        for (String file : folder.list("shots")) {
            if (!(folder.json(file).orElse(null) instanceof Map<?, ?> shot)
                    || !(shot.get("request") instanceof Map<?, ?> request)
                    || shot.get("answer") == null) {
                throw new IllegalArgumentException(
                        file + " is no example: it has a 'request' and the 'answer' that is wanted");
            }
            var errors = check.errors(request);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("%s: request%s %s"
                        .formatted(
                                file,
                                errors.getFirst().path(),
                                errors.getFirst().message()));
            }
            Object answer = shot.get("answer");
            user.fill(request);
            shots.add(
                    new Prompt.Shot(request, answer instanceof String text ? text : MAPPER.writeValueAsString(answer)));
        }
        return List.copyOf(shots);
    }

    private ObjectNode parameters() {
        Map<String, Object> given = new HashMap<>(keys.object("parameters"));
        for (String ours : List.of("model", "messages", "stream", "max_tokens", "max_completion_tokens")) {
            if (given.containsKey(ours)) {
                throw keys.wrong(
                        "parameters." + ours,
                        "is not set here" + (ours.startsWith("max") ? "; write llm.max_tokens" : ""));
            }
        }
        return MAPPER.valueToTree(given);
    }

    @SuppressWarnings("unchecked")
    private @Nullable Map<String, Object> schema(String file) {
        Object json = folder.json(file).orElse(null);
        if (json != null && !(json instanceof Map)) {
            throw new IllegalArgumentException(file + " is no JSON Schema: it must be an object");
        }
        return (Map<String, Object>) json;
    }

    private Folder.Check compiled(String file, Map<String, Object> schema) {
        try {
            return folder.check(schema);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}

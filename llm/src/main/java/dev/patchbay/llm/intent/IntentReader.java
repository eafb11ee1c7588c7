package dev.patchbay.llm.intent;

import dev.patchbay.api.runtime.Folder;
import dev.patchbay.api.runtime.Keys;
import dev.patchbay.llm.intent.IntentRules.Intent;
import dev.patchbay.llm.intent.IntentRules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Reads intents from their folder: the section `intent` of `module.yaml` and `intents/NAME.txt`, one example a line.
final class IntentReader {

    /// What is answered: what was wanted, how sure that is and why, and what the task answered.
    static final Map<String, Object> ANSWER = Map.of(
            "$schema",
            "https://json-schema.org/draft/2020-12/schema",
            "type",
            "object",
            "properties",
            Map.of(
                    "intent", Map.of("type", "string"),
                    "by", Map.of("enum", List.of("rule", "meaning", "fallback")),
                    "confidence", Map.of("type", "number", "minimum", 0, "maximum", 1),
                    "task", Map.of("type", "string"),
                    "skipped", Map.of("type", "array", "items", Map.of("type", "string")),
                    "ranked", Map.of("type", "array", "items", Map.of("type", "object"))),
            "required",
            List.of("by", "confidence"));

    private static final Map<String, Object> REQUEST = Map.of(
            "$schema",
            "https://json-schema.org/draft/2020-12/schema",
            "type",
            "object",
            "properties",
            Map.of(
                    "text", Map.of("type", "string", "minLength", 1, "maxLength", 20_000),
                    "explain",
                            Map.of("type", "boolean", "description", "tell how sure each intent is, and ask no task")),
            "required",
            List.of("text"));

    private IntentReader() {}

    @SuppressWarnings("unchecked")
    static IntentRules read(Map<String, Object> section, Folder folder) {
        Keys keys = new Keys("intent.", section);
        Map<String, Intent> intents = new TreeMap<>();
        Map<String, List<String>> examples = new TreeMap<>();
        keys.sections("intents").forEach((name, each) -> {
            intents.put(name, new Intent(each.required("task", "the task that does it"), each.textMap("request")));
            each.finish();
        });
        if (intents.isEmpty()) {
            throw keys.wrong("intents", "is missing; it maps intents to the tasks that do them");
        }
        for (String file : folder.list("intents")) {
            String name = file.substring(file.lastIndexOf('/') + 1).replaceAll("\\.txt$", "");
            if (!intents.containsKey(name)) {
                throw new IllegalArgumentException("%s: there is no intent '%s' in module.yaml; there are: %s"
                        .formatted(file, name, String.join(", ", intents.keySet())));
            }
            examples.put(
                    name,
                    folder.text(file)
                            .orElse("")
                            .lines()
                            .filter(line -> !line.isBlank())
                            .toList());
        }
        List<Rule> rules = new ArrayList<>();
        for (Keys each : keys.list("rules")) {
            rules.add(rule(each, intents));
        }
        Double floor = keys.amount("floor");
        String text = keys.text("text");
        Object schema = folder.json("request.schema.json").orElse(REQUEST);
        IntentRules read = new IntentRules(
                text == null ? "text" : text,
                intents,
                List.copyOf(rules),
                examples,
                floor == null ? 0.4 : floor,
                keys.text("fallback"),
                (Map<String, Object>) schema);
        keys.finish();
        folder.check(read.requestSchema());
        for (String name : intents.keySet()) {
            boolean ruled = rules.stream().anyMatch(rule -> rule.intent().equals(name));
            if (!ruled && examples.getOrDefault(name, List.of()).isEmpty()) {
                throw new IllegalArgumentException(
                        "intent '%s' has neither examples (intents/%s.txt, one a line) nor a rule"
                                .formatted(name, name));
            }
        }
        return read;
    }

    private static Rule rule(Keys keys, Map<String, Intent> intents) {
        String intent = keys.required("intent", "one of " + String.join(", ", intents.keySet()));
        if (!intents.containsKey(intent)) {
            throw keys.wrong(
                    "intent",
                    "there is no intent '%s'; there are: %s".formatted(intent, String.join(", ", intents.keySet())));
        }
        String pattern = keys.text("pattern");
        Map<String, String> match = keys.textMap("match");
        if (pattern == null && match.isEmpty()) {
            throw keys.wrong("pattern", "is missing, and match as well; a rule needs a sign");
        }
        keys.finish();
        try {
            return new Rule(
                    intent,
                    match,
                    pattern == null ? null : Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
        } catch (PatternSyntaxException e) {
            throw keys.wrong("pattern", "'" + pattern + "' is no regular expression: " + e.getDescription());
        }
    }
}

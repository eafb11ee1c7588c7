package dev.patchbay.testkit.rules;

import dev.patchbay.core.golden.Expectation;
import dev.patchbay.core.golden.GoldenInvalid;
import dev.patchbay.core.golden.Mismatch;
import dev.patchbay.core.schema.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/// Something that must hold of every answer.
///
/// @param name what holds
/// @param request what a request must be like for the rule to apply; null for any
/// @param answer what an answer must be like for the rule to apply; null for any
/// @param then what must hold of the answer; null for nothing
/// @param without what must not be in any text of the answer
/// @param injecting where in the request foreign instructions are put; null for nowhere
/// @param keeps places of the answer that these instructions must not change
record AnswerRule(
        String name,
        @Nullable Expectation request,
        @Nullable Expectation answer,
        @Nullable Expectation then,
        List<PersonalData> without,
        @Nullable JsonPointer injecting,
        List<JsonPointer> keeps) {

    private static final List<String> KEYS = List.of("name", "when", "then", "without", "injecting", "keeps");
    private static final List<String> WHEN = List.of("request", "answer");

    /// Reads the rules of a file.
    ///
    /// @throws GoldenInvalid if one cannot be understood
    static List<AnswerRule> read(String file, JsonNode tree) {
        JsonNode rules = tree.path("rules");
        if (!tree.isObject() || tree.size() != 1 || !rules.isArray()) {
            throw GoldenInvalid.of(file, "must be a mapping with 'rules', a list");
        }
        List<AnswerRule> read = new ArrayList<>();
        for (JsonNode rule : rules) {
            read.add(new Reader(file + ": rule " + (read.size() + 1), rule).rule());
        }
        return read;
    }

    private record Reader(String place, JsonNode node) {

        AnswerRule rule() {
            keys(node, KEYS);
            keys(node.path("when"), WHEN);
            if (!node.path("name").isString()) {
                throw GoldenInvalid.of(place, "must have a 'name' that says what holds");
            }
            if (!node.has("then") && !node.has("without") && !node.has("injecting")) {
                throw GoldenInvalid.of(place, "must say 'then', 'without' or 'injecting'");
            }
            if (node.has("injecting") != node.has("keeps")) {
                throw GoldenInvalid.of(
                        place,
                        "injecting: /field puts instructions into a request, and keeps: [/field] says what they must not change; give both");
            }
            return new AnswerRule(
                    node.path("name").asString(),
                    expectation(node.path("when").path("request")),
                    expectation(node.path("when").path("answer")),
                    expectation(node.path("then")),
                    node.path("without").valueStream().map(this::kind).toList(),
                    node.has("injecting") ? pointer(node.path("injecting")) : null,
                    node.path("keeps").valueStream().map(this::pointer).toList());
        }

        private void keys(JsonNode mapping, List<String> known) {
            for (String key : mapping.propertyNames()) {
                if (!known.contains(key)) {
                    String near = Nearest.question(key, known);
                    throw GoldenInvalid.of(
                            place,
                            "'%s' is no key here%s Keys: %s"
                                    .formatted(key, near.isEmpty() ? "." : near, String.join(", ", known)));
                }
            }
        }

        private @Nullable Expectation expectation(JsonNode written) {
            try {
                return written.isMissingNode() ? null : Expectation.read(written);
            } catch (GoldenInvalid e) {
                throw GoldenInvalid.of(place, e.getMessage());
            }
        }

        private PersonalData kind(JsonNode written) {
            List<String> kinds = Arrays.stream(PersonalData.values())
                    .map(PersonalData::label)
                    .toList();
            int at = kinds.indexOf(written.asString(""));
            if (at < 0) {
                throw GoldenInvalid.of(
                        place,
                        "without: %s is no kind of personal data; they are %s"
                                .formatted(written, String.join(", ", kinds)));
            }
            return PersonalData.values()[at];
        }

        private JsonPointer pointer(JsonNode written) {
            String text = written.asString("");
            return JsonPointer.compile(text.isEmpty() || text.startsWith("/") ? text : "/" + text);
        }
    }

    /// Tells whether the rule is about such a request and answer.
    boolean applies(JsonNode asked, JsonNode given) {
        return (request == null || request.check(asked).isEmpty())
                && (answer == null || answer.check(given).isEmpty());
    }

    /// Says how an answer breaks the rule.
    Optional<String> breach(JsonNode given) {
        if (then != null) {
            List<Mismatch> wrong = then.check(given);
            if (!wrong.isEmpty()) {
                return Optional.of(wrong.stream().map(Mismatch::toString).collect(Collectors.joining("; ")));
            }
        }
        return found(given, "");
    }

    private Optional<String> found(JsonNode node, String path) {
        if (node.isString()) {
            for (PersonalData kind : without) {
                Optional<String> data = kind.find(node.stringValue());
                if (data.isPresent()) {
                    return Optional.of("%s has a %s in it: %s"
                            .formatted(path, kind.label().replace('_', ' '), masked(data.get())));
                }
            }
        }
        if (node.isObject()) {
            return node.propertyStream()
                    .flatMap(entry -> found(entry.getValue(), path + "/" + entry.getKey()).stream())
                    .findFirst();
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            Optional<String> found = found(node.get(i), path + "/" + i);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /// A report must not spread what it complains about.
    private static String masked(String data) {
        return data.substring(0, Math.min(3, data.length())) + "…";
    }
}

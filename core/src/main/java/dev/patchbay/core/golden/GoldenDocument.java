package dev.patchbay.core.golden;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.core.config.YamlFile;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.core.schema.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A golden file, in YAML or JSON: one case, or many under `cases` with relations between them.
///
/// ```yaml
/// about: A night at the kennel, with barking
/// kind: typical                # typical, edge or adversarial
/// request: {pet_id: rex, …}    # or request_file: ../examples/night.json
/// tenant: tenant_a             # who asks, if it matters
/// answer:                      # what must hold; see Expectation
///   score: {between: [0.7, 0.9]}
///   label: restless
/// error: {code: invalid-request, path: /session}   # instead of an answer
/// runs: 20                     # for modules that do not always say the same
/// pass_rate: 0.9
/// certain: true
/// probe: true                  # asked before the version becomes ready
/// ```
///
/// @param relations what must hold between cases, unread
public record GoldenDocument(List<GoldenCase> cases, List<JsonNode> relations) {

    /// The file beside the cases that holds rules for every answer.
    public static final String RULES = "rules.yaml";

    private static final List<String> CASE = List.of(
            "about",
            "kind",
            "request",
            "request_file",
            "tenant",
            "answer",
            "error",
            "runs",
            "pass_rate",
            "certain",
            "probe");
    private static final List<String> GROUP = List.of("about", "cases", "relations");
    private static final List<String> ERROR = List.of("code", "path", "message");
    private static final int MOST_RUNS = 10_000;
    private static final int DEEPEST = 500;

    public GoldenDocument {
        cases = List.copyOf(cases);
        relations = List.copyOf(relations);
    }

    /// Tells by its name whether a file in the folder of golden cases holds cases.
    public static boolean isOne(String name) {
        return (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json")) && !name.equals(RULES);
    }

    /// Reads a file.
    ///
    /// @param name the file's name, for the names of cases and for complaints
    /// @param requests gives the text of a file that a case names, by a path relative to this file; null if there
    ///     is none
    /// @throws GoldenInvalid if it cannot be understood
    public static GoldenDocument read(String name, String text, Function<String, @Nullable String> requests) {
        return new Reader(name, requests).document(tree(name, name, text));
    }

    private static JsonNode tree(String file, String read, String text) {
        String prefix = read.equals(file) ? "" : read + ": ";
        try {
            return read.endsWith(".json")
                    ? new JsonReader(DEEPEST).read(text.getBytes(StandardCharsets.UTF_8))
                    : YamlFile.read(text);
        } catch (ConfigInvalid | InferenceException e) {
            throw GoldenInvalid.of(
                    file,
                    prefix + String.valueOf(e.getMessage()).replace("The body is no valid JSON", "this is no JSON"));
        }
    }

    private record Reader(String file, Function<String, @Nullable String> requests) {

        GoldenDocument document(JsonNode tree) {
            if (tree.isObject() && tree.isEmpty()) {
                throw invalid("", "is empty; write a 'request' and an 'answer', or 'cases', or delete the file");
            }
            if (!tree.isObject()) {
                throw invalid("", "a golden file is a mapping with 'request' and 'answer', or with 'cases'");
            }
            String stem = file.replaceFirst("\\.[^.]*$", "");
            if (!tree.has("cases")) {
                if (tree.has("relations")) {
                    throw invalid("", "relations are between 'cases', and there are none");
                }
                return new GoldenDocument(List.of(goldenCase(stem, "", tree)), List.of());
            }
            keys("", tree, GROUP);
            List<GoldenCase> cases = new ArrayList<>();
            if (!tree.path("cases").isObject() || tree.path("cases").isEmpty()) {
                throw invalid("/cases", "must be a mapping of names to cases");
            }
            tree.path("cases")
                    .properties()
                    .forEach(entry -> cases.add(goldenCase(
                            stem + "/" + entry.getKey(),
                            "/cases/" + ExpectationReader.escape(entry.getKey()),
                            entry.getValue())));
            List<JsonNode> relations = new ArrayList<>();
            tree.path("relations").forEach(relations::add);
            return new GoldenDocument(cases, relations);
        }

        private GoldenCase goldenCase(String name, String place, JsonNode node) {
            if (!node.isObject()) {
                throw invalid(place, "must be a mapping with 'request' and 'answer'");
            }
            keys(place, node, CASE);
            return new GoldenCase(
                    name,
                    place,
                    kind(place, node.path("kind").asString("typical")),
                    node.path("about").asString(""),
                    request(place, node),
                    node.path("tenant").asString(null),
                    expected(place, node),
                    runs(place, node),
                    flag(place, node, "probe"));
        }

        private JsonNode request(String place, JsonNode node) {
            if (node.has("request") == node.has("request_file")) {
                throw invalid(place, "must have either 'request' or 'request_file'");
            }
            if (node.has("request")) {
                JsonNode request = node.path("request");
                if (request.isString() && request.stringValue().startsWith("@")) {
                    throw invalid(
                            place + "/request",
                            "is the text '%s'; a request in a file of its own is named by request_file: %s"
                                    .formatted(
                                            request.stringValue(),
                                            request.stringValue().substring(1)));
                }
                return request;
            }
            String path = node.path("request_file").asString("");
            String text = requests.apply(path);
            if (text == null) {
                throw invalid(
                        place + "/request_file", "there is no file '" + path + "' (paths are relative to this file)");
            }
            return tree(file, path, text);
        }

        private GoldenCase.Expected expected(String place, JsonNode node) {
            if (node.has("answer") && node.has("error")) {
                throw invalid(place, "must have 'answer' or 'error', not both");
            }
            if (node.has("error")) {
                return error(place + "/error", node.path("error"));
            }
            if (!node.has("answer")) {
                return new GoldenCase.Expected.Open();
            }
            return new GoldenCase.Expected.Answer(expectation(place + "/answer", node.path("answer")));
        }

        private Expectation expectation(String place, JsonNode node) {
            try {
                return Expectation.read(node);
            } catch (GoldenInvalid e) {
                throw invalid(place, e.getMessage());
            }
        }

        private GoldenCase.Expected.Error error(String place, JsonNode node) {
            if (node.isString()) {
                return new GoldenCase.Expected.Error(code(place, node.stringValue()), null, null);
            }
            if (!node.isObject()) {
                throw invalid(place, "must be a code such as invalid-request, or a mapping with 'code'");
            }
            keys(place, node, ERROR);
            return new GoldenCase.Expected.Error(
                    code(place + "/code", node.path("code").asString("")),
                    node.path("path").asString(null),
                    node.has("message") ? expectation(place + "/message", node.path("message")) : null);
        }

        private String code(String place, String code) {
            List<String> codes =
                    Arrays.stream(ErrorCode.values()).map(ErrorCode::id).toList();
            if (!codes.contains(code)) {
                throw invalid(place, "'%s' is no error code%s".formatted(code, Nearest.question(code, codes)));
            }
            return code;
        }

        private GoldenCase.Kind kind(String place, String kind) {
            for (GoldenCase.Kind each : GoldenCase.Kind.values()) {
                if (each.name().toLowerCase(Locale.ROOT).equals(kind)) {
                    return each;
                }
            }
            throw invalid(place + "/kind", "'" + kind + "' is none of typical, edge, adversarial");
        }

        private GoldenCase.Runs runs(String place, JsonNode node) {
            if (!node.has("runs")) {
                if (node.has("pass_rate") || node.has("certain")) {
                    throw invalid(place, "pass_rate and certain are about 'runs'; say how many");
                }
                return GoldenCase.Runs.ONCE;
            }
            JsonNode runs = node.path("runs");
            if (!runs.isIntegralNumber() || runs.asInt(0) < 1 || runs.asInt(0) > MOST_RUNS) {
                throw invalid(place + "/runs", "must be a whole number from 1 to " + MOST_RUNS + ", but is " + runs);
            }
            JsonNode rate = node.path("pass_rate");
            double share = rate.asDouble(1);
            if (!rate.isMissingNode() && !rate.isNumber() || !(share > 0 && share <= 1)) {
                throw invalid(place + "/pass_rate", "must be a share above 0 and at most 1, but is " + rate);
            }
            return new GoldenCase.Runs(runs.asInt(), share, flag(place, node, "certain"));
        }

        private boolean flag(String place, JsonNode node, String key) {
            JsonNode flag = node.path(key);
            if (!flag.isMissingNode() && !flag.isBoolean()) {
                throw invalid(place + "/" + key, "must be true or false, but is " + flag);
            }
            return flag.asBoolean(false);
        }

        private static String nearest(String key, List<String> known) {
            String question = Nearest.question(key, known);
            return question.isEmpty() ? "." : question;
        }

        private void keys(String place, JsonNode node, List<String> known) {
            for (String key : node.propertyNames()) {
                if (!known.contains(key)) {
                    throw invalid(
                            place + "/" + key,
                            "is no key here" + nearest(key, known) + " Keys: " + String.join(", ", known));
                }
            }
        }

        private GoldenInvalid invalid(String place, String what) {
            return GoldenInvalid.of(file, (place.isEmpty() ? "" : place + " ") + what);
        }
    }
}

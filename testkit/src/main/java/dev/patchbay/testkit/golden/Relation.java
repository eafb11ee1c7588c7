package dev.patchbay.testkit.golden;

import dev.patchbay.core.golden.GoldenCase;
import dev.patchbay.core.golden.GoldenInvalid;
import dev.patchbay.core.schema.Nearest;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.Reply;
import dev.patchbay.testkit.RunningModule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What must hold between the answers to several requests: cases that are named, one case with a place of the
/// request set to one value after the other, or one case with a list of the request shuffled.
///
/// ```yaml
/// relations:
///   - {increasing: /score, over: [calm-day, walk, restless-night]}
///   - {not_decreasing: /price, of: small-flat, setting: /rooms, to: [1, 2, 3, 4]}
///   - {equal: /label, of: restless-night, shuffling: /session/events}
/// ```
///
/// @param title what holds if it does
/// @param order how the values must be to each other
/// @param place of the answers that is compared; the root for all of it
/// @param within how far apart numbers may be that must be equal
/// @param requests named, in order
record Relation(String title, Order order, JsonPointer place, BigDecimal within, List<Request> requests) {

    private static final List<String> KEYS = List.of(
            "about",
            "increasing",
            "not_decreasing",
            "decreasing",
            "not_increasing",
            "equal",
            "over",
            "of",
            "setting",
            "to",
            "shuffling",
            "times",
            "within");
    private static final BigDecimal USUAL_DISTANCE = new BigDecimal("0.000001");
    private static final int USUAL_SHUFFLES = 5;

    /// How each value must be to the one before.
    enum Order {
        INCREASING("increasing", "must be above"),
        NOT_DECREASING("not_decreasing", "must not be below"),
        DECREASING("decreasing", "must be below"),
        NOT_INCREASING("not_increasing", "must not be above"),
        EQUAL("equal", "must equal");

        private final String word;
        private final String must;

        Order(String word, String must) {
            this.word = word;
            this.must = must;
        }

        boolean holds(int comparison) {
            return switch (this) {
                case INCREASING -> comparison > 0;
                case NOT_DECREASING -> comparison >= 0;
                case DECREASING -> comparison < 0;
                case NOT_INCREASING -> comparison <= 0;
                case EQUAL -> comparison == 0;
            };
        }
    }

    /// @param name what tells it from the others
    record Request(String name, JsonNode body) {}

    /// Reads a relation.
    ///
    /// @param cases all that may be named
    /// @throws GoldenInvalid if it cannot be understood
    static Relation read(String file, JsonNode node, Map<String, GoldenCase> cases) {
        return new Reader(file, node, cases).relation();
    }

    private record Reader(String file, JsonNode node, Map<String, GoldenCase> cases) {

        Relation relation() {
            if (!node.isObject()) {
                throw invalid("must be a mapping such as {increasing: /score, over: [calm, wild]}, but is " + node);
            }
            for (String key : node.propertyNames()) {
                if (!KEYS.contains(key)) {
                    String near = Nearest.question(key, KEYS);
                    throw invalid("'%s' is no key here%s Keys: %s"
                            .formatted(key, near.isEmpty() ? "." : near, String.join(", ", KEYS)));
                }
            }
            Order order = order();
            JsonPointer place = pointer(order.word);
            List<Request> requests = requests();
            if (requests.size() < 2) {
                throw invalid("is between two or more answers, but there is " + requests.size());
            }
            String about = node.path("about").asString("");
            return new Relation(
                    about.isBlank() ? title(order, place) : about,
                    order,
                    place,
                    node.path("within").isNumber() ? node.path("within").decimalValue() : USUAL_DISTANCE,
                    requests);
        }

        private Order order() {
            List<Order> orders = new ArrayList<>();
            for (Order order : Order.values()) {
                if (node.has(order.word)) {
                    orders.add(order);
                }
            }
            if (orders.size() != 1) {
                throw invalid("must say exactly one of increasing, not_decreasing, decreasing, not_increasing, equal");
            }
            return orders.getFirst();
        }

        private String title(Order order, JsonPointer place) {
            String what = place.toString().isEmpty() ? "the answer" : place.toString();
            String is = what + " is " + order.word.replace('_', ' ');
            if (node.has("over")) {
                return is + " over " + String.join(", ", names(node.path("over")));
            }
            return is + " for " + node.path("of").asString()
                    + (node.has("setting")
                            ? " setting " + node.path("setting").asString() + " to " + node.path("to")
                            : " shuffling " + node.path("shuffling").asString());
        }

        private List<Request> requests() {
            if (node.has("over")) {
                return names(node.path("over")).stream()
                        .map(name -> new Request(name, named(name).request()))
                        .toList();
            }
            if (!node.has("of") || node.has("setting") == node.has("shuffling")) {
                throw invalid(
                        "must say which requests: over: [cases], or of: case with setting: place and to: [values], or of: case with shuffling: place");
            }
            String name = node.path("of").asString("");
            JsonNode base = named(name).request();
            return node.has("setting") ? settings(base) : shuffles(name, base);
        }

        private List<Request> settings(JsonNode base) {
            JsonPointer at = pointer("setting");
            List<Request> requests = new ArrayList<>();
            node.path("to").forEach(value -> {
                JsonNode copy = base.deepCopy();
                JsonNode parent = copy.at(at.head());
                String last =
                        at.last().toString().substring(1).replace("~1", "/").replace("~0", "~");
                if (parent instanceof ObjectNode object) {
                    object.set(last, value);
                } else if (parent instanceof ArrayNode array
                        && at.last().getMatchingIndex() >= 0
                        && at.last().getMatchingIndex() < array.size()) {
                    array.set(at.last().getMatchingIndex(), value);
                } else {
                    throw invalid("setting: the request has no place " + at);
                }
                requests.add(new Request(at + " = " + value, copy));
            });
            return requests;
        }

        /// The same shuffles each time, so that a failure can be looked at again.
        private List<Request> shuffles(String name, JsonNode base) {
            JsonPointer at = pointer("shuffling");
            if (!(base.at(at) instanceof ArrayNode list) || list.size() < 2) {
                throw invalid("shuffling: the request has no list with two or more items at " + at);
            }
            List<Request> requests = new ArrayList<>(List.of(new Request(name, base)));
            int times = node.path("times").asInt(USUAL_SHUFFLES);
            Random random = new Random(times);
            for (int i = 1; i <= times; i++) {
                JsonNode copy = base.deepCopy();
                ArrayNode shuffled = (ArrayNode) copy.at(at);
                List<JsonNode> items = new ArrayList<>(shuffled.valueStream().toList());
                Collections.shuffle(items, random);
                shuffled.removeAll();
                shuffled.addAll(items);
                requests.add(new Request("shuffle " + i, copy));
            }
            return requests;
        }

        private GoldenCase named(String name) {
            GoldenCase found = cases.get(name);
            if (found == null) {
                // each case is known by its short name as well
                List<String> names = cases.keySet().stream()
                        .filter(each -> each.indexOf('/') < 0)
                        .sorted()
                        .toList();
                throw invalid("there is no case '%s'; there are %s".formatted(name, String.join(", ", names)));
            }
            return found;
        }

        private List<String> names(JsonNode list) {
            return list.valueStream().map(JsonNode::asString).toList();
        }

        private JsonPointer pointer(String key) {
            String text = node.path(key).asString("");
            return JsonPointer.compile(text.isEmpty() || text.startsWith("/") ? text : "/" + text);
        }

        private GoldenInvalid invalid(String what) {
            return GoldenInvalid.of(file, "relation " + node + ": " + what);
        }
    }

    Finding check(RunningModule module) throws InterruptedException {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (Request request : requests) {
            switch (module.ask(request.body())) {
                case Reply.Answer answer ->
                    values.put(request.name(), answer.json().at(place));
                case Reply.Refusal refusal -> {
                    return Finding.failed(request.name() + " is not answered: " + refusal.describe());
                }
            }
        }
        StringBuilder table = new StringBuilder();
        boolean holds = true;
        JsonNode before = null;
        for (Map.Entry<String, JsonNode> entry : values.entrySet()) {
            JsonNode value = entry.getValue();
            table.append("\n  ")
                    .append(entry.getKey())
                    .append("  ")
                    .append(value.isMissingNode() ? "(nothing)" : value);
            if (before != null && !holds(before, value)) {
                table.append("  ← ").append(order.must).append(' ').append(before);
                holds = false;
            }
            before = order == Order.EQUAL && before != null ? before : value;
        }
        return holds ? Finding.passed("") : Finding.failed("it does not hold:" + table);
    }

    private boolean holds(JsonNode before, JsonNode value) {
        if (order == Order.EQUAL) {
            return value.equals(this::compare, before);
        }
        return before.isNumber()
                && value.isNumber()
                && order.holds(value.decimalValue().compareTo(before.decimalValue()));
    }

    private int compare(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().subtract(b.decimalValue()).abs().compareTo(within) <= 0 ? 0 : 1;
        }
        return a.equals(b) ? 0 : 1;
    }
}

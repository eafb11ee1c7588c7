package dev.patchbay.core.shadow;

import dev.patchbay.core.config.ShadowConfig.Comparison;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Compares two answers that both fit the response schema, so that what is told is a difference in meaning: numbers by
/// value, objects by their members, lists by their order.
final class AnswerComparison {

    private final Comparison rules;

    AnswerComparison(Comparison rules) {
        this.rules = rules;
    }

    /// Lists every place in which two answers differ.
    List<Difference> compare(JsonNode served, JsonNode shadow) {
        List<Difference> differences = new ArrayList<>();
        compare("", served, shadow, differences);
        return differences;
    }

    private void compare(String path, JsonNode served, JsonNode shadow, List<Difference> into) {
        if (covers(rules.ignore(), path)) {
            return;
        }
        if (path.equals(rules.top()) && served.isArray() && shadow.isArray()) {
            if (!first(served).equals(first(shadow))) {
                into.add(new Difference(path, served, shadow));
            }
        } else if (served.isObject() && shadow.isObject()) {
            Set<String> members = new LinkedHashSet<>(served.propertyNames());
            members.addAll(shadow.propertyNames());
            for (String member : members) {
                String child = path + "/" + member.replace("~", "~0").replace("/", "~1");
                compare(child, served.path(member), shadow.path(member), into);
            }
        } else if (served.isArray() && shadow.isArray()) {
            for (int i = 0; i < Math.max(served.size(), shadow.size()); i++) {
                compare(path + "/*", served.path(i), shadow.path(i), into);
            }
        } else if (counts(path) && !same(served, shadow)) {
            into.add(new Difference(path, served, shadow));
        }
    }

    private Set<JsonNode> first(JsonNode list) {
        Set<JsonNode> first = new HashSet<>();
        for (int i = 0; i < Math.min(rules.first(), list.size()); i++) {
            first.add(list.get(i));
        }
        return first;
    }

    private boolean same(JsonNode served, JsonNode shadow) {
        if (served.isNumber() && shadow.isNumber()) {
            return distance(served.doubleValue(), shadow.doubleValue()) <= rules.tolerance();
        }
        return nothing(served) ? nothing(shadow) : served.equals(shadow);
    }

    /// A member that is null and one that is left out say the same.
    private static boolean nothing(JsonNode node) {
        return node instanceof MissingNode || node.isNull();
    }

    private boolean counts(String path) {
        return rules.only().isEmpty() || covers(rules.only(), path);
    }

    private static boolean covers(List<String> pointers, String path) {
        for (String pointer : pointers) {
            if (path.equals(pointer) || path.startsWith(pointer + "/")) {
                return true;
            }
        }
        return false;
    }

    static double distance(double a, double b) {
        double larger = Math.max(Math.abs(a), Math.abs(b));
        return larger == 0 ? 0 : Math.abs(a - b) / larger;
    }
}

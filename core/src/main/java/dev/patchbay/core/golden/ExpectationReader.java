package dev.patchbay.core.golden;

import dev.patchbay.core.golden.Expectation.Fields;
import dev.patchbay.core.golden.Expectation.Items;
import dev.patchbay.core.golden.Expectation.Rules;
import dev.patchbay.core.golden.Expectation.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Tells values from rules.
final class ExpectationReader {

    private ExpectationReader() {}

    static Expectation read(JsonNode node, String place) {
        if (node.isArray()) {
            List<Expectation> items = new ArrayList<>();
            for (JsonNode item : node) {
                items.add(read(item, place + "/" + items.size()));
            }
            return new Items(List.copyOf(items), place);
        }
        if (!node.isObject()) {
            return new Value(node, place);
        }
        long rules = node.propertyStream()
                .filter(entry -> Rule.WORDS.contains(entry.getKey()))
                .count();
        // an answer may well have a field called 'size' among others
        if (rules == 0 || rules < node.size()) {
            Map<String, Expectation> fields = new LinkedHashMap<>();
            node.properties()
                    .forEach(entry ->
                            fields.put(entry.getKey(), read(entry.getValue(), place + "/" + escape(entry.getKey()))));
            return new Fields(fields, place);
        }
        List<Rule> all = new ArrayList<>();
        node.properties().forEach(entry -> {
            if (!entry.getKey().equals("within")) {
                all.add(Rule.read(entry.getKey(), entry.getValue(), node, place));
            } else if (!node.has("near")) {
                throw new GoldenInvalid(place + ": 'within' says how far a number may be away from 'near'; give both");
            }
        });
        return new Rules(List.copyOf(all), place, node.has("near") && all.size() == 1);
    }

    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}

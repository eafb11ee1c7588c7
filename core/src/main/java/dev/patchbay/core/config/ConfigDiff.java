package dev.patchbay.core.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Finds the values in which two configs differ. Entries of lists are told apart by their `name`, so that one
/// more experiment at the top is one change.
final class ConfigDiff {

    private final List<ConfigRevision.Change> changes = new ArrayList<>();

    private ConfigDiff() {}

    static List<ConfigRevision.Change> between(JsonNode before, JsonNode after) {
        ConfigDiff diff = new ConfigDiff();
        diff.compare("", before, after);
        return List.copyOf(diff.changes);
    }

    private void compare(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
        if (before != null && before.equals(after)) {
            return;
        }
        if (before != null && after != null && before.isObject() && after.isObject()) {
            Set<String> keys = new LinkedHashSet<>(before.propertyNames());
            keys.addAll(after.propertyNames());
            for (String key : keys) {
                compare(path.isEmpty() ? key : path + "." + key, before.get(key), after.get(key));
            }
        } else if (before != null && after != null && named(before) && named(after)) {
            Set<String> names = new LinkedHashSet<>();
            before.forEach(entry -> names.add(entry.path("name").asString()));
            after.forEach(entry -> names.add(entry.path("name").asString()));
            int found = changes.size();
            for (String name : names) {
                compare(path + "[" + name + "]", byName(before, name), byName(after, name));
            }
            if (changes.size() == found) {
                // the entries are the same and their order is not
                changes.add(new ConfigRevision.Change(path, before, after));
            }
        } else {
            changes.add(new ConfigRevision.Change(path, before, after));
        }
    }

    private static boolean named(JsonNode list) {
        if (!list.isArray()) {
            return false;
        }
        for (JsonNode entry : list) {
            if (!entry.has("name")) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable JsonNode byName(JsonNode list, String name) {
        for (JsonNode entry : list) {
            if (entry.path("name").asString("").equals(name)) {
                return entry;
            }
        }
        return null;
    }
}

package dev.patchbay.core.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How a saved file and what was changed without it go together: task by task. A save applies the sections that
/// it changes; the others stay as they are in force, so that saving one task's section does not undo another
/// task's rollback.
final class ConfigMerge {

    private static final String INFERENCE = "inference";

    private ConfigMerge() {}

    /// Applies to the content in force what changed from one state of the file to the next.
    static ObjectNode apply(ObjectNode inForce, ObjectNode fileBefore, ObjectNode fileAfter) {
        ObjectNode merged = inForce.deepCopy();
        for (String key : keys(fileBefore, fileAfter)) {
            if (!key.equals(INFERENCE) && !Objects.equals(fileBefore.get(key), fileAfter.get(key))) {
                set(merged, key, fileAfter.get(key));
            }
        }
        JsonNode before = fileBefore.path(INFERENCE);
        JsonNode after = fileAfter.path(INFERENCE);
        ObjectNode tasks = merged.path(INFERENCE) instanceof ObjectNode object ? object : merged.putObject(INFERENCE);
        for (String task : keys(before, after)) {
            if (!Objects.equals(before.get(task), after.get(task))) {
                set(tasks, task, after.get(task));
            }
        }
        return merged;
    }

    /// Replaces the section of one task.
    static ObjectNode withTask(ObjectNode content, String task, @Nullable JsonNode section) {
        ObjectNode changed = content.deepCopy();
        ObjectNode tasks = changed.path(INFERENCE) instanceof ObjectNode object ? object : changed.putObject(INFERENCE);
        set(tasks, task, section);
        return changed;
    }

    static JsonNode task(ObjectNode content, String task) {
        return content.path(INFERENCE).path(task);
    }

    /// Lists the tasks whose section in force is not what the file says.
    static List<String> drift(ObjectNode inForce, ObjectNode file) {
        Set<String> drifted = new TreeSet<>();
        ObjectNode salted = withSalts(file);
        for (String task : keys(inForce.path(INFERENCE), salted.path(INFERENCE))) {
            if (!task(inForce, task).equals(task(salted, task))) {
                drifted.add(task);
            }
        }
        drifted.addAll(inForce.path(RolloutOverrides.KEY).propertyNames());
        return List.copyOf(drifted);
    }

    /// Writes down what each experiment hashes with, so that it is the same whatever happens to its entry later.
    static ObjectNode withSalts(ObjectNode content) {
        ObjectNode salted = content.deepCopy();
        for (var task : salted.path(INFERENCE).properties()) {
            for (JsonNode entry : task.getValue().path("experiments")) {
                if (entry instanceof ObjectNode experiment
                        && (experiment.has("rollout") || experiment.has("steps"))
                        && !experiment.has("salt")
                        && !experiment.has("layer")) {
                    experiment.put(
                            "salt",
                            task.getKey() + "/" + experiment.path("name").asString(""));
                }
            }
        }
        return salted;
    }

    private static void set(ObjectNode object, String key, @Nullable JsonNode value) {
        if (value == null || value.isMissingNode()) {
            object.remove(key);
        } else {
            object.set(key, value.deepCopy());
        }
    }

    private static Set<String> keys(JsonNode a, JsonNode b) {
        Set<String> keys = new LinkedHashSet<>();
        for (JsonNode node : List.of(a, b)) {
            if (node.isObject()) {
                keys.addAll(node.propertyNames());
            }
        }
        return keys;
    }

    static ObjectNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }
}

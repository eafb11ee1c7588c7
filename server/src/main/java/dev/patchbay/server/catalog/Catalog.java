package dev.patchbay.server.catalog;

import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.deploy.ModuleDescriptor;
import dev.patchbay.core.deploy.ModuleStatus;
import dev.patchbay.core.registry.ModuleState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What callers can know of the tasks: which there are, in which versions, who owns them, what they take and give.
public final class Catalog {

    private final Supplier<List<ModuleStatus>> modules;
    private final Function<String, TaskConfig> config;

    /// Makes a catalogue over what is true at the moment it is asked.
    public Catalog(Supplier<List<ModuleStatus>> modules, Function<String, TaskConfig> config) {
        this.modules = modules;
        this.config = config;
    }

    /// A task with its versions.
    ///
    /// @param defaultVersion null if calls must name a version
    record Task(String name, @Nullable String defaultVersion, List<ModuleStatus> versions) {

        /// Gives the version whose schemas stand for the task: the default, or any that is ready.
        @Nullable
        ModuleStatus face() {
            ModuleStatus any = null;
            for (ModuleStatus version : versions) {
                if (version.state().isLoaded()) {
                    if (defaultVersion != null && defaultVersion.equals(version.version())) {
                        return version;
                    }
                    any = version;
                }
            }
            return any;
        }
    }

    Map<String, Task> tasks() {
        Map<String, List<ModuleStatus>> byTask = new TreeMap<>();
        for (ModuleStatus module : modules.get()) {
            if (module.task() != null && !(module.state() instanceof ModuleState.Gone)) {
                byTask.computeIfAbsent(module.task(), task -> new java.util.ArrayList<>())
                        .add(module);
            }
        }
        Map<String, Task> tasks = new TreeMap<>();
        byTask.forEach((name, versions) -> {
            TaskConfig section = config.apply(name);
            String wanted = section.defaultVersion();
            tasks.put(name, new Task(name, wanted == null ? null : section.resolve(wanted), versions));
        });
        return tasks;
    }

    JsonNode list() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        tasks().values().forEach(task -> list.add(summary(task)));
        return JsonNodeFactory.instance.objectNode().set("tasks", list);
    }

    @Nullable
    JsonNode describe(String name) {
        Task task = tasks().get(name);
        if (task == null) {
            return null;
        }
        ObjectNode node = summary(task);
        ModuleStatus face = task.face();
        if (face != null) {
            schemas(node, face);
        }
        return node;
    }

    @Nullable
    JsonNode describe(String name, String version) {
        Task task = tasks().get(name);
        if (task == null) {
            return null;
        }
        for (ModuleStatus module : task.versions()) {
            if (version.equals(module.version())) {
                ObjectNode node = version(module);
                schemas(node, module);
                return node;
            }
        }
        return null;
    }

    private static void schemas(ObjectNode node, ModuleStatus module) {
        if (module.live() != null) {
            node.set("request_schema", module.live().requestSchema());
            node.set("response_schema", module.live().responseSchema());
        }
    }

    private static ObjectNode summary(Task task) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("task", task.name());
        ModuleStatus face = task.face();
        ModuleDescriptor descriptor = face == null ? task.versions().getFirst().descriptor() : face.descriptor();
        if (descriptor != null) {
            node.put("owner", descriptor.owner());
            node.put("description", descriptor.description());
        }
        node.put("default_version", task.defaultVersion());
        boolean available =
                face != null && face.version() != null && face.version().equals(task.defaultVersion());
        node.put("health", available ? "up" : "down");
        ArrayNode versions = node.putArray("versions");
        task.versions().forEach(module -> versions.add(version(module)));
        return node;
    }

    private static ObjectNode version(ModuleStatus module) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("version", module.version());
        node.put("state", module.state().label());
        ModuleDescriptor descriptor = module.descriptor();
        if (descriptor != null) {
            node.put("owner", descriptor.owner());
            node.put("description", descriptor.description());
            node.put("risk", descriptor.risk().name().toLowerCase(java.util.Locale.ROOT));
            node.put(
                    "streaming",
                    descriptor.body() instanceof ModuleDescriptor.JavaBody body
                            && body.kind() == ModuleDescriptor.Kind.STREAM);
            ObjectNode labels = node.putObject("labels");
            descriptor.labels().forEach(labels::put);
        }
        return node;
    }
}

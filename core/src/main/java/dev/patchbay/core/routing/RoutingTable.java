package dev.patchbay.core.routing;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.CacheConfig;
import dev.patchbay.core.config.ResilienceConfig;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.schema.Nearest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// An immutable picture of everything routing needs: the rules of one config revision and the versions that are
/// ready. Each call reads one picture, once.
///
/// @param routes the rules of each task the config names
/// @param ready task → the versions that rules may choose
/// @param unreachable versions that only calls go to that name them
public record RoutingTable(
        long revision, Map<String, TaskRoutes> routes, Map<String, Set<String>> ready, Set<ModuleKey> unreachable) {

    /// No rules, no versions.
    public static final RoutingTable EMPTY = new RoutingTable(0, Map.of(), Map.of());

    /// Makes a picture in which every version can be reached.
    public RoutingTable(long revision, Map<String, TaskRoutes> routes, Map<String, Set<String>> ready) {
        this(revision, routes, ready, Set.of());
    }

    Resolution resolve(RouteQuery query) {
        TaskRoutes task = routes.get(query.task());
        Set<String> versions = versions(query);
        if (task == null) {
            if (versions.isEmpty()) {
                throw unknown(query.task());
            }
            task = TaskRoutes.unconfigured(query.task());
        }
        return task.decide(query, versions, revision, null);
    }

    /// Gives the versions that a call may go to: who names a version insists on it.
    private Set<String> versions(RouteQuery query) {
        Set<String> versions = ready.getOrDefault(query.task(), Set.of());
        if (query.pin() == null || unreachable.isEmpty()) {
            return versions;
        }
        Set<String> all = new HashSet<>(versions);
        unreachable.stream().filter(key -> key.task().equals(query.task())).forEach(key -> all.add(key.version()));
        return all;
    }

    /// Tells what is to be asked of a flag before this call can be routed. Nothing is asked for a call that names its
    /// version.
    ///
    /// @return null if there is nothing to ask
    public @Nullable FlagQuestion flagQuestion(RouteQuery query) {
        TaskRoutes task = routes.get(query.task());
        return task == null || task.flag() == null || query.pin() != null
                ? null
                : task.flag().question(query, task.attributes());
    }

    /// Decides as [Router#resolve] does, and writes down how.
    public Explanation explain(RouteQuery query) {
        Set<String> versions = versions(query);
        TaskRoutes task = routes.get(query.task());
        if (task == null && versions.isEmpty()) {
            throw unknown(query.task());
        }
        Trace trace = new Trace();
        try {
            Resolution resolution = (task == null ? TaskRoutes.unconfigured(query.task()) : task)
                    .decide(query, versions, revision, trace);
            return new Explanation(query.task(), revision, trace.steps(), resolution, null);
        } catch (InferenceException failure) {
            return new Explanation(query.task(), revision, trace.steps(), null, failure.getMessage());
        }
    }

    /// Gives a task's calls per second and tenant, if they are limited.
    public OptionalInt rate(String task) {
        TaskRoutes rules = routes.get(task);
        return rules == null ? OptionalInt.empty() : rules.rate();
    }

    /// Tells what is done when a version of a task fails.
    public ResilienceConfig resilience(String task) {
        TaskRoutes rules = routes.get(task);
        return rules == null ? ResilienceConfig.NONE : rules.resilience();
    }

    /// Tells whether answers of a task are kept.
    public CacheConfig cache(String task) {
        TaskRoutes rules = routes.get(task);
        return rules == null ? CacheConfig.NONE : rules.cache();
    }

    /// Lists every task that has rules or ready versions.
    public Set<String> tasks() {
        Set<String> tasks = new TreeSet<>(routes.keySet());
        tasks.addAll(ready.keySet());
        return tasks;
    }

    /// Lists the tasks whose default version is not there. One that waits for something outside the gateway is: no
    /// other gateway would do better, and its other tasks are to be served.
    public List<String> withoutDefault() {
        return routes.values().stream()
                .filter(rules -> rules.defaultVersion() != null
                        && !ready.getOrDefault(rules.task(), Set.of()).contains(rules.defaultVersion())
                        && !unreachable.contains(new ModuleKey(rules.task(), rules.defaultVersion())))
                .map(TaskRoutes::task)
                .sorted()
                .toList();
    }

    RoutingTable with(long newRevision, Map<String, TaskRoutes> newRoutes) {
        return new RoutingTable(newRevision, Map.copyOf(newRoutes), ready, unreachable);
    }

    RoutingTable with(ModuleKey key) {
        Map<String, Set<String>> more = new HashMap<>(ready);
        Set<String> versions = new HashSet<>(more.getOrDefault(key.task(), Set.of()));
        versions.add(key.version());
        more.put(key.task(), Set.copyOf(versions));
        return new RoutingTable(revision, routes, Map.copyOf(more), unreachableBut(key));
    }

    RoutingTable without(ModuleKey key) {
        Map<String, Set<String>> fewer = new HashMap<>(ready);
        Set<String> versions = new HashSet<>(fewer.getOrDefault(key.task(), Set.of()));
        versions.remove(key.version());
        if (versions.isEmpty()) {
            fewer.remove(key.task());
        } else {
            fewer.put(key.task(), Set.copyOf(versions));
        }
        return new RoutingTable(revision, routes, Map.copyOf(fewer), unreachableBut(key));
    }

    /// Lets rules pass a version by.
    RoutingTable past(ModuleKey key) {
        RoutingTable without = without(key);
        Set<ModuleKey> more = new HashSet<>(without.unreachable);
        more.add(key);
        return new RoutingTable(revision, routes, without.ready, Set.copyOf(more));
    }

    private Set<ModuleKey> unreachableBut(ModuleKey key) {
        Set<ModuleKey> fewer = new HashSet<>(unreachable);
        fewer.remove(key);
        return Set.copyOf(fewer);
    }

    private InferenceException unknown(String task) {
        List<String> near = Nearest.to(task, tasks());
        return new InferenceException(
                ErrorCode.UNKNOWN_TASK,
                near.isEmpty()
                        ? "There is no task '%s'. GET /v1/tasks lists those there are".formatted(task)
                        : "There is no task '%s'. Did you mean %s? GET /v1/tasks lists all"
                                .formatted(task, String.join(" or ", near)));
    }
}

package dev.patchbay.core.config;

import dev.patchbay.api.FieldError;
import dev.patchbay.core.config.VersionCatalog.Progress;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.VersionOrder;
import dev.patchbay.core.schema.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Checks that the versions a config sends calls to can take them.
final class VersionCheck {

    private final VersionCatalog catalog;

    VersionCheck(VersionCatalog catalog) {
        this.catalog = catalog;
    }

    /// What stands between a config and its being in force.
    ///
    /// @param waitingFor versions on their way
    /// @param problems versions that will not be ready as they are
    record Found(List<String> waitingFor, List<ConfigProblem> problems) {}

    /// A place in the config that names a version.
    private record Place(String path, String version) {}

    /// Looks at the versions that a config names and the one before did not.
    ///
    /// @param problem makes a problem from a path, as [Section#path] joins it, and a message
    Found check(GatewayConfig before, GatewayConfig next, BiFunction<String, String, ConfigProblem> problem) {
        Found found = new Found(new ArrayList<>(), new ArrayList<>());
        next.inference().forEach((task, section) -> {
            Set<String> known = before.task(task).routed().keySet();
            for (Place place : places(task, section)) {
                if (!known.contains(place.version())) {
                    ModuleKey key = new ModuleKey(task, place.version());
                    switch (catalog.progress(key)) {
                        case Progress.Ready _ -> {}
                        case Progress.OnItsWay on -> found.waitingFor().add(key + " (" + on.state() + ")");
                        case Progress.Failed failed ->
                            found.problems()
                                    .add(problem.apply(
                                            place.path(), place.version() + " cannot be used: " + failed.cause()));
                        case Progress.Unknown _ ->
                            found.problems().add(problem.apply(place.path(), unknown(key, section)));
                    }
                }
            }
            fallback(before.task(task), next, task, known, problem, found);
            CacheConfig.Similar similar = section.cache().similar();
            if (similar != null && !similar.equals(before.task(task).cache().similar())) {
                String embedder = similar.task().split("@", 2)[0];
                if (catalog.versions(embedder).isEmpty()) {
                    found.problems()
                            .add(problem.apply(
                                    Section.path("inference", task, "cache", "similar", "task"),
                                    unknownTask(embedder, next)));
                }
            }
        });
        return found;
    }

    /// Looks at a fallback that is new, or stands in for a version that is.
    private void fallback(
            TaskConfig before,
            GatewayConfig next,
            String task,
            Set<String> known,
            BiFunction<String, String, ConfigProblem> problem,
            Found found) {
        TaskConfig section = next.task(task);
        ResilienceConfig.Fallback fallback = section.resilience().fallback();
        boolean same = Objects.equals(fallback, before.resilience().fallback());
        switch (fallback) {
            case ResilienceConfig.Fallback.Task(String other)
            when !same && catalog.versions(other).isEmpty() ->
                found.problems()
                        .add(problem.apply(
                                Section.path("inference", task, "fallback", "task"), unknownTask(other, next)));
            case ResilienceConfig.Fallback.Constant(ObjectNode answer) ->
                section.routed().keySet().stream()
                        .filter(version -> !same || !known.contains(version))
                        .sorted(VersionOrder.OLD_TO_NEW)
                        .forEach(version -> answer(new ModuleKey(task, version), answer)
                                .ifPresent(words -> found.problems()
                                        .add(problem.apply(
                                                Section.path("inference", task, "fallback", "answer"), words))));
            case null, default -> {}
        }
    }

    private static String unknownTask(String other, GatewayConfig next) {
        Set<String> tasks = next.inference().keySet();
        return "no artifact of task '%s' was found in the modules folder%s Tasks of this config: %s"
                .formatted(
                        other,
                        tasks.contains(other) ? "." : end(Nearest.question(other, tasks)),
                        String.join(", ", tasks));
    }

    private static String end(String question) {
        return question.isEmpty() ? "." : question;
    }

    private Optional<String> answer(ModuleKey key, ObjectNode answer) {
        List<FieldError> errors = catalog.answerErrors(key, answer);
        return errors.isEmpty()
                ? Optional.empty()
                : Optional.of("does not fit the answers of %s: %s"
                        .formatted(
                                key,
                                errors.stream()
                                        .limit(3)
                                        .map(error ->
                                                (error.path().isEmpty() ? "it" : error.path()) + " " + error.message())
                                        .collect(Collectors.joining("; "))));
    }

    /// Lists the versions of a task's section that are not ready now.
    List<String> notReady(String task, TaskConfig section) {
        return section.routed().keySet().stream()
                .filter(version -> !(catalog.progress(new ModuleKey(task, version)) instanceof Progress.Ready))
                .toList();
    }

    private static List<Place> places(String task, TaskConfig section) {
        List<Place> places = new ArrayList<>();
        section.aliases()
                .forEach((alias, version) ->
                        places.add(new Place(Section.path("inference", task, "aliases", alias), version)));
        if (section.defaultVersion() != null && !section.aliases().containsKey(section.defaultVersion())) {
            places.add(new Place(Section.path("inference", task, "default_version"), section.defaultVersion()));
        }
        for (int i = 0; i < section.experiments().size(); i++) {
            String version = section.experiments().get(i).version();
            if (!section.aliases().containsKey(version)) {
                places.add(new Place(
                        Section.path("inference", task, "experiments", String.valueOf(i), "version"), version));
            }
        }
        for (int i = 0; i < section.shadows().size(); i++) {
            String version = section.shadows().get(i).version();
            if (!section.aliases().containsKey(version)) {
                places.add(new Place(Section.path("inference", task, "shadow", String.valueOf(i), "version"), version));
            }
        }
        if (section.resilience().fallback() instanceof ResilienceConfig.Fallback.Version(String version)
                && !section.aliases().containsKey(version)) {
            places.add(new Place(Section.path("inference", task, "fallback", "version"), version));
        }
        return places;
    }

    private String unknown(ModuleKey key, TaskConfig section) {
        Set<String> there = catalog.versions(key.task());
        if (there.isEmpty()) {
            return "no artifact of task '%s' was found in the modules folder, so there is no version %s"
                    .formatted(key.task(), key.version());
        }
        List<String> names = new ArrayList<>(there);
        names.addAll(section.aliases().keySet());
        String question = Nearest.question(key.version(), names);
        return "there is no version %s of '%s'%s There are: %s"
                .formatted(key.version(), key.task(), question.isEmpty() ? "." : question, String.join(", ", names));
    }
}

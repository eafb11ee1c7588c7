package dev.patchbay.core.config;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.VersionCatalog.Prepared;
import dev.patchbay.core.config.VersionCatalog.Progress;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.schema.Nearest;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps one config in force and its history. A change is applied whole or not at all:
///
/// 1. it is read and checked; anything wrong refuses all of it
/// 2. every version that it newly names must be ready; while one is on its way, the change waits
/// 3. modules whose settings it changes are loaded anew beside those that serve
/// 4. it is stored as a revision; a revision that cannot be stored is not put in force
/// 5. routing is switched, and the new instances take over
public final class ConfigControl {

    private static final Logger log = LoggerFactory.getLogger(ConfigControl.class);

    /// Puts a config in force.
    @FunctionalInterface
    public interface Activation {

        /// Switches to a revision, at once and completely.
        void activate(long revision, GatewayConfig config);
    }

    private final RevisionStore store;
    private final VersionCatalog catalog;
    private final Activation activation;
    private final Clock clock;

    private ConfigRevision active;
    private GatewayConfig config = GatewayConfig.EMPTY;
    private @Nullable Candidate candidate;

    /// A file's content that is not in force yet.
    private static final class Candidate {
        private final String text;
        private List<String> waitingFor = List.of();
        private List<ConfigProblem> problems = List.of();
        private java.time.@Nullable Instant refused;

        Candidate(String text) {
            this.text = text;
        }
    }

    /// Makes a control with nothing in force.
    public ConfigControl(RevisionStore store, VersionCatalog catalog, Activation activation, Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.activation = activation;
        this.clock = clock;
        List<ConfigRevision> stored = store.all();
        this.active = stored.isEmpty()
                ? new ConfigRevision(
                        0, clock.instant(), "", "", "start", ConfigMerge.empty(), ConfigMerge.empty(), List.of())
                : stored.getLast();
    }

    private ConfigParser.Parsed parse(String text) {
        return ConfigParser.parse(text, catalog.sections());
    }

    private GatewayConfig parse(JsonNode content) {
        return ConfigParser.parse(content, catalog.sections());
    }

    private GatewayConfig checked(GatewayConfig parsed) {
        try {
            catalog.checkSections(parsed);
            return parsed;
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        }
    }

    private static ConfigInvalid invalid(IllegalArgumentException e) {
        return new ConfigInvalid(List.of(new ConfigProblem("", 0, 0, String.valueOf(e.getMessage()))));
    }

    /// Reads the config a gateway starts with: what was last in force, with what changed in the file since. Before
    /// any version is loaded, so that versions are loaded with their settings.
    ///
    /// @return the config to load versions with
    /// @throws ConfigInvalid if the file is wrong and nothing was ever in force
    public synchronized GatewayConfig read(String fileText) {
        try {
            return checked(parse(ConfigMerge.apply(
                    active.content(), active.file(), parse(fileText).tree())));
        } catch (ConfigInvalid e) {
            if (active.number() == 0) {
                throw e;
            }
            log.error("the config file is refused; revision {} stays in force:\n{}", active.number(), e.getMessage());
            return parse(active.content());
        }
    }

    /// Puts the config a gateway starts with in force, after its versions were loaded. A version that is missing
    /// or failed stops its own rules, not the gateway.
    public synchronized void start(String fileText, String author) {
        if (active.number() > 0) {
            config = parse(active.content());
            activation.activate(active.number(), config);
        }
        try {
            ObjectNode file = parse(fileText).tree();
            if (active.number() == 0 || !file.equals(active.file())) {
                ObjectNode content = ConfigMerge.withSalts(ConfigMerge.apply(active.content(), active.file(), file));
                GatewayConfig next = checked(parse(content));
                unavailable(next).forEach(problem -> log.error("{}", problem));
                put(content, file, next, author, "the gateway started with this file", "start");
            }
            catalog.prepare(config).commit();
        } catch (ConfigInvalid e) {
            Candidate refused = new Candidate(fileText);
            refuse(refused, e.problems());
            candidate = refused;
        }
        catalog.onChange(this::retry);
    }

    /// Takes what the file says now.
    public synchronized void fileSaved(String text, String author) {
        candidate = new Candidate(text);
        attempt(author);
    }

    /// Tries again what could not be put in force, because versions have changed.
    private synchronized void retry() {
        if (candidate != null) {
            attempt("file");
        }
    }

    private void attempt(String author) {
        Candidate next = candidate;
        if (next == null) {
            return;
        }
        try {
            ObjectNode file = parse(next.text).tree();
            if (file.equals(active.file())) {
                candidate = null;
                return;
            }
            ObjectNode content = ConfigMerge.withSalts(ConfigMerge.apply(active.content(), active.file(), file));
            GatewayConfig parsed = parse(content);
            List<String> waiting = check(parsed);
            next.waitingFor = waiting;
            if (!waiting.isEmpty()) {
                log.info("the saved config waits for {}", String.join(", ", waiting));
                return;
            }
            switchTo(content, file, parsed, author, "the file was saved", "file");
            candidate = null;
        } catch (ConfigInvalid e) {
            refuse(next, e.problems());
        } catch (UncheckedIOException e) {
            refuse(next, List.of(new ConfigProblem("", 0, 0, e.getMessage() + ": " + e.getCause())));
        }
    }

    private void refuse(Candidate refused, List<ConfigProblem> problems) {
        if (!problems.equals(refused.problems)) {
            refused.problems = problems;
            refused.refused = clock.instant();
            StringBuilder text = new StringBuilder();
            problems.forEach(problem -> text.append("\n  ").append(problem));
            log.error("the saved config is refused; revision {} stays in force:{}", active.number(), text);
        }
    }

    /// Checks the versions that a config newly names.
    ///
    /// @return those on their way
    /// @throws ConfigInvalid if one will not be ready
    private List<String> check(GatewayConfig next) {
        List<String> waiting = new ArrayList<>();
        List<ConfigProblem> problems = new ArrayList<>();
        next.inference().forEach((task, section) -> {
            Set<String> before = config.task(task).routed().keySet();
            section.routed().forEach((version, rules) -> {
                if (before.contains(version)) {
                    return;
                }
                ModuleKey key = new ModuleKey(task, version);
                switch (catalog.progress(key)) {
                    case Progress.Ready _ -> {}
                    case Progress.OnItsWay on -> waiting.add(key + " (" + on.state() + ")");
                    case Progress.Failed failed ->
                        problems.add(problem(task, rules, version + " cannot be used: " + failed.cause()));
                    case Progress.Unknown _ -> problems.add(problem(task, rules, unknown(task, version)));
                }
            });
        });
        problems.addAll(RolloutOverrides.undone(config, next));
        if (!problems.isEmpty()) {
            throw new ConfigInvalid(problems);
        }
        return waiting;
    }

    private List<ConfigProblem> unavailable(GatewayConfig next) {
        List<ConfigProblem> problems = new ArrayList<>();
        next.inference()
                .forEach((task, section) -> section.routed().forEach((version, rules) -> {
                    switch (catalog.progress(new ModuleKey(task, version))) {
                        case Progress.Ready _, Progress.OnItsWay _ -> {}
                        case Progress.Failed failed ->
                            problems.add(problem(task, rules, version + " cannot be used: " + failed.cause()));
                        case Progress.Unknown _ -> problems.add(problem(task, rules, unknown(task, version)));
                    }
                }));
        return problems;
    }

    private String unknown(String task, String version) {
        Set<String> there = catalog.versions(task);
        return there.isEmpty()
                ? "no artifact of task '%s' was found in the modules folder, so there is no version %s"
                        .formatted(task, version)
                : "there is no version %s of '%s'%s There are: %s"
                        .formatted(version, task, Nearest.question(version, there), String.join(", ", there));
    }

    private static ConfigProblem problem(String task, Set<String> rules, String message) {
        return new ConfigProblem("inference." + task + " (" + String.join(", ", rules) + ")", 0, 0, message);
    }

    private void switchTo(
            ObjectNode content, ObjectNode file, GatewayConfig next, String author, String reason, String source) {
        Prepared prepared;
        try {
            prepared = catalog.prepare(next);
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        }
        try {
            put(content, file, next, author, reason, source);
        } catch (RuntimeException e) {
            prepared.abandon();
            throw e;
        }
        prepared.commit();
    }

    private void put(
            ObjectNode content, ObjectNode file, GatewayConfig next, String author, String reason, String source) {
        ConfigRevision revision = new ConfigRevision(
                active.number() + 1,
                clock.instant(),
                author,
                reason,
                source,
                content,
                file,
                ConfigDiff.between(active.content(), content));
        store.add(revision);
        activation.activate(revision.number(), next);
        log.info("config revision {} is in force, before it was {} ({})", revision.number(), active.number(), reason);
        active = revision;
        config = next;
    }

    /// Where a rollback goes.
    public sealed interface Target {

        /// To what was in force for the task before its section last changed.
        record Previous() implements Target {}

        /// To a revision.
        record Revision(long number) implements Target {}

        /// To the newest revision in which a version was the default.
        record Version(String version) implements Target {}
    }

    /// What a rollback did.
    ///
    /// @param contentOf the revision whose content of the task is in force again
    /// @param defaultVersion the task's default now
    public record RolledBack(
            ConfigRevision revision,
            long contentOf,
            @Nullable String defaultVersion) {}

    /// Puts an older section of one task in force again, as a new revision. Every request that starts after this
    /// returns goes by it.
    ///
    /// @param expected the revision the caller believes to be in force; null if it does not matter
    /// @throws InferenceException `conflict` if another is in force, `unknown-task`, `unknown-revision`, or
    ///     `config-invalid` if the older section names a version that is not ready
    public synchronized RolledBack rollback(
            String task, Target target, String author, String reason, @Nullable Long expected) {
        if (expected != null && expected != active.number()) {
            throw new InferenceException(
                    ErrorCode.CONFLICT,
                    "Revision %d is in force, not %d: somebody changed the config meanwhile. Look at it and try again"
                            .formatted(active.number(), expected));
        }
        ConfigRevision older = find(task, target);
        JsonNode section = ConfigMerge.task(older.content(), task);
        ObjectNode content = ConfigMerge.withTask(active.content(), task, section);
        GatewayConfig next = parse(content);
        List<ConfigProblem> problems = new ArrayList<>();
        next.task(task).routed().forEach((version, rules) -> {
            if (!(catalog.progress(new ModuleKey(task, version)) instanceof Progress.Ready)) {
                problems.add(problem(task, rules, "version " + version + " is not ready"));
            }
        });
        if (!problems.isEmpty()) {
            throw new InferenceException(
                    ErrorCode.CONFIG_INVALID,
                    "Revision %d cannot be gone back to: %s. Put the artifact back into the modules folder first"
                            .formatted(older.number(), problems.getFirst()));
        }
        try {
            switchTo(content, active.file(), next, author, reason, "rollback");
        } catch (ConfigInvalid e) {
            throw new InferenceException(ErrorCode.CONFIG_INVALID, String.valueOf(e.getMessage()));
        }
        return new RolledBack(active, older.number(), next.task(task).defaultVersion());
    }

    private ConfigRevision find(String task, Target target) {
        JsonNode now = ConfigMerge.task(active.content(), task);
        if (now.isMissingNode() && !(target instanceof Target.Revision)) {
            throw new InferenceException(
                    ErrorCode.UNKNOWN_TASK,
                    "The config has no section for task '%s'%s"
                            .formatted(
                                    task,
                                    Nearest.question(task, config.inference().keySet())));
        }
        List<ConfigRevision> older = store.all().reversed().stream()
                .filter(revision -> revision.number() < active.number())
                .toList();
        return switch (target) {
            case Target.Revision(long number) ->
                older.stream()
                        .filter(revision -> revision.number() == number)
                        .findFirst()
                        .orElseThrow(() -> unknownRevision("There is no older revision " + number));
            case Target.Previous _ ->
                older.stream()
                        .filter(revision -> {
                            JsonNode section = ConfigMerge.task(revision.content(), task);
                            return !section.isMissingNode() && !section.equals(now);
                        })
                        .findFirst()
                        .orElseThrow(() ->
                                unknownRevision("Task '%s' was never routed otherwise: there is nothing to go back to"
                                        .formatted(task)));
            case Target.Version(String version) ->
                older.stream()
                        .filter(revision -> ConfigMerge.task(revision.content(), task)
                                .path("default_version")
                                .asString("")
                                .equals(version))
                        .findFirst()
                        .orElseThrow(() ->
                                unknownRevision("Version %s was never the default of '%s'".formatted(version, task)));
        };
    }

    private InferenceException unknownRevision(String message) {
        return new InferenceException(
                ErrorCode.UNKNOWN_REVISION,
                message + ". Revision " + active.number() + " is in force; see `patchbay history`");
    }

    /// Decides about an experiment while it runs, beside what the file says, as a new revision. It lasts: saving the
    /// file does not undo it. Every request that starts after this returns goes by it.
    ///
    /// @param override null lifts what was decided before
    /// @param source what the revision is kept as
    /// @throws InferenceException `config-invalid` if what would hold then cannot be put in force
    public synchronized ConfigRevision override(
            String task,
            String experiment,
            @Nullable RolloutOverride override,
            String author,
            String reason,
            String source) {
        ConfigRevision now = active();
        ObjectNode content = RolloutOverrides.with(now.content(), task, experiment, override);
        try {
            switchTo(content, now.file(), ConfigParser.parse(content, catalog.sections()), author, reason, source);
        } catch (ConfigInvalid e) {
            throw new InferenceException(ErrorCode.CONFIG_INVALID, String.valueOf(e.getMessage()));
        }
        return active();
    }

    /// Gives the config in force.
    public synchronized GatewayConfig config() {
        return config;
    }

    /// Gives the revision in force.
    public synchronized ConfigRevision active() {
        return active;
    }

    /// Lists all revisions, the oldest first.
    public List<ConfigRevision> history() {
        return store.all();
    }

    /// Gives the config of a revision.
    ///
    /// @throws InferenceException `unknown-revision`
    public GatewayConfig configOf(long number) {
        return parse(store.find(number)
                .orElseThrow(() -> unknownRevision("There is no revision " + number))
                .content());
    }

    /// Tells what is in force and what is in the way of the file.
    public synchronized ConfigStatus status() {
        Candidate open = candidate;
        return new ConfigStatus(
                active.number(),
                open == null ? List.of() : open.waitingFor,
                open == null ? null : open.refused,
                open == null ? List.of() : open.problems,
                ConfigMerge.drift(active.content(), active.file()));
    }

    /// Lists the versions each task's config names, for people who want to remove one.
    public synchronized Map<String, Map<String, Set<String>>> routed() {
        Map<String, Map<String, Set<String>>> routed = new TreeMap<>();
        config.inference().forEach((task, section) -> routed.put(task, section.routed()));
        return routed;
    }
}

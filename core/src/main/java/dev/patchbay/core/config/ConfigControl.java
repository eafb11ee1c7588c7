package dev.patchbay.core.config;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.VersionCatalog.Prepared;
import dev.patchbay.core.config.VersionCheck.Found;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
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
///
/// Changes come one after the other and may take as long as a module loads; whoever only reads never waits for one.
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
    private final VersionCheck versions;
    private final Activation activation;
    private final Clock clock;

    private volatile InForce inForce;
    private volatile @Nullable Candidate candidate;

    /// A revision and what it means.
    private record InForce(ConfigRevision revision, GatewayConfig config) {}

    /// What the file says, as long as it is not in force.
    ///
    /// @param text null if the file could not be read
    /// @param refused when it was; null if it waits
    private record Candidate(
            @Nullable String text,
            String author,
            List<String> waitingFor,
            List<ConfigProblem> problems,
            @Nullable Instant refused) {}

    /// Makes a control that has stored revisions and nothing in force.
    public ConfigControl(RevisionStore store, VersionCatalog catalog, Activation activation, Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.versions = new VersionCheck(catalog);
        this.activation = activation;
        this.clock = clock;
        this.inForce = newest();
    }

    private InForce newest() {
        for (ConfigRevision revision : store.all().reversed()) {
            try {
                return new InForce(revision, parse(revision.content()));
            } catch (ConfigInvalid e) {
                log.error(
                        "revision {} cannot be used; the one before it is tried: {}",
                        revision.number(),
                        e.getMessage());
            }
        }
        ConfigRevision none = new ConfigRevision(
                0, clock.instant(), "", "", "start", ConfigMerge.empty(), ConfigMerge.empty(), List.of());
        return new InForce(none, GatewayConfig.EMPTY);
    }

    private ConfigParser.Parsed parse(String text) {
        return ConfigParser.parse(text, catalog.sections());
    }

    /// Reads what the config file says now.
    private ConfigParser.Parsed parseFile(String text) {
        ConfigParser.Parsed file = parse(text);
        HalfFile.refuse(text, inForce.revision().file(), file.tree());
        return file;
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
        InForce last = inForce;
        try {
            return checked(parse(merged(parseFile(fileText).tree())));
        } catch (ConfigInvalid e) {
            if (last.revision().number() == 0) {
                throw e;
            }
            return last.config();
        }
    }

    /// Puts the config a gateway starts with in force, after its versions were loaded. A version that is missing
    /// or failed stops its own rules, not the gateway.
    public synchronized void start(String fileText, String author) {
        InForce last = inForce;
        if (last.revision().number() > 0) {
            activation.activate(last.revision().number(), last.config());
        }
        try {
            ConfigParser.Parsed file = parseFile(fileText);
            if (last.revision().number() == 0
                    || !file.tree().equals(last.revision().file())) {
                ObjectNode content = merged(file.tree());
                GatewayConfig next = checked(parse(content));
                List<ConfigProblem> undone = RolloutOverrides.undone(last.config(), next);
                if (!undone.isEmpty()) {
                    throw new ConfigInvalid(undone);
                }
                versions.check(GatewayConfig.EMPTY, next, file::problem)
                        .problems()
                        .forEach(problem -> log.error("the config file, {}", problem));
                put(content, file.tree(), next, author, "the gateway started with this file", "start");
            }
            catalog.prepare(inForce.config()).commit();
        } catch (ConfigInvalid e) {
            refuse(fileText, author, e.problems());
        }
        catalog.onChange(this::retry);
    }

    /// Takes what the file says now.
    public synchronized void fileSaved(String text, String author) {
        attempt(text, author);
    }

    /// Notes that the file cannot be read as it is now; what is in force stays.
    ///
    /// @param why what is wrong with it
    public synchronized void fileUnreadable(String why, String author) {
        refuse(null, author, List.of(new ConfigProblem("", 0, 0, why)));
    }

    /// Tries again what could not be put in force, because versions have changed.
    private synchronized void retry() {
        Candidate open = candidate;
        if (open != null && open.text() != null) {
            attempt(open.text(), open.author());
        }
    }

    private void attempt(String text, String author) {
        InForce now = inForce;
        try {
            ConfigParser.Parsed file = parseFile(text);
            if (!file.tree().equals(now.revision().file())) {
                ObjectNode content = merged(file.tree());
                GatewayConfig next = parse(content);
                Found found = versions.check(now.config(), next, file::problem);
                found.problems().addAll(RolloutOverrides.undone(now.config(), next));
                if (!found.problems().isEmpty()) {
                    throw new ConfigInvalid(found.problems());
                }
                if (!found.waitingFor().isEmpty()) {
                    log.info("the saved config waits for {}", String.join(", ", found.waitingFor()));
                    candidate = new Candidate(text, author, List.copyOf(found.waitingFor()), List.of(), null);
                    return;
                }
                switchTo(content, file.tree(), next, author, "the file was saved", "file");
            }
            candidate = null;
        } catch (ConfigInvalid e) {
            refuse(text, author, e.problems());
        } catch (UncheckedIOException e) {
            refuse(text, author, List.of(new ConfigProblem("", 0, 0, e.getMessage() + ": " + e.getCause())));
        }
    }

    private ObjectNode merged(ObjectNode file) {
        ConfigRevision now = inForce.revision();
        return RolloutOverrides.pruned(ConfigMerge.withSalts(ConfigMerge.apply(now.content(), now.file(), file)));
    }

    private void refuse(@Nullable String text, String author, List<ConfigProblem> problems) {
        Candidate before = candidate;
        if (before != null && before.refused() != null && before.problems().equals(problems)) {
            candidate = new Candidate(text, author, List.of(), problems, before.refused());
            return;
        }
        candidate = new Candidate(text, author, List.of(), problems, clock.instant());
        log.error(
                "the config file is refused; revision {} stays in force:{}",
                inForce.revision().number(),
                ConfigProblem.lines(problems));
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
        ConfigRevision before = inForce.revision();
        ConfigRevision revision = new ConfigRevision(
                store.lastNumber() + 1,
                clock.instant(),
                author,
                reason,
                source,
                content,
                file,
                ConfigDiff.between(before.content(), content));
        store.add(revision);
        activation.activate(revision.number(), next);
        inForce = new InForce(revision, next);
        log.info("config revision {} is in force, before it was {} ({})", revision.number(), before.number(), reason);
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
            String task, RollbackTarget target, String author, String reason, @Nullable Long expected) {
        ConfigRevision now = inForce.revision();
        if (expected != null && expected != now.number()) {
            throw new InferenceException(
                    ErrorCode.CONFLICT,
                    "Revision %d is in force, not %d: somebody changed the config meanwhile. Look at it and try again"
                            .formatted(now.number(), expected));
        }
        ConfigRevision older = target.find(task, now, store.all());
        ObjectNode content = ConfigMerge.withTask(now.content(), task, ConfigMerge.task(older.content(), task));
        try {
            GatewayConfig next = parse(content);
            List<String> missing = versions.notReady(task, next.task(task));
            if (!missing.isEmpty()) {
                throw new InferenceException(
                        ErrorCode.CONFIG_INVALID,
                        "Revision %d cannot be gone back to: it sends calls of '%s' to %s, not ready now. Put the artifact back into the modules folder first"
                                .formatted(older.number(), task, String.join(" and ", missing)));
            }
            switchTo(content, now.file(), next, author, reason, "rollback");
            return new RolledBack(
                    inForce.revision(), older.number(), next.task(task).defaultVersion());
        } catch (ConfigInvalid e) {
            throw new InferenceException(ErrorCode.CONFIG_INVALID, String.valueOf(e.getMessage()));
        }
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
            switchTo(content, now.file(), parse(content), author, reason, source);
        } catch (ConfigInvalid e) {
            throw new InferenceException(ErrorCode.CONFIG_INVALID, String.valueOf(e.getMessage()));
        }
        return active();
    }

    /// Gives the config in force.
    public GatewayConfig config() {
        return inForce.config();
    }

    /// Gives the revision in force.
    public ConfigRevision active() {
        return inForce.revision();
    }

    /// Lists all revisions, the oldest first.
    public List<ConfigRevision> history() {
        return store.all();
    }

    /// Gives the config of a revision.
    ///
    /// @throws InferenceException `unknown-revision`
    public GatewayConfig configOf(long number) {
        ConfigRevision revision = store.find(number)
                .orElseThrow(() -> new InferenceException(
                        ErrorCode.UNKNOWN_REVISION,
                        "There is no revision %d. Revision %d is in force; see `patchbay history`"
                                .formatted(number, active().number())));
        try {
            return parse(revision.content());
        } catch (ConfigInvalid e) {
            throw new InferenceException(
                    ErrorCode.UNKNOWN_REVISION,
                    "Revision %d holds keys that this version of the gateway does not read: %s"
                            .formatted(number, e.getMessage()));
        }
    }

    /// Tells what is in force and what is in the way of the file.
    public ConfigStatus status() {
        Candidate open = candidate;
        ConfigRevision now = inForce.revision();
        return new ConfigStatus(
                now.number(),
                open == null ? List.of() : open.waitingFor(),
                open == null ? null : open.refused(),
                open == null ? List.of() : open.problems(),
                ConfigMerge.drift(now.content(), now.file()));
    }
}

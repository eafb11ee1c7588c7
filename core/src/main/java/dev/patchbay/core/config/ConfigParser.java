package dev.patchbay.core.config;

import dev.patchbay.core.config.GatewayConfig.GatewayLimits;
import dev.patchbay.core.scan.Habit;
import dev.patchbay.core.schema.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads `patchbay.yaml` strictly: every key is known, every value is of its kind, and all that is wrong is told
/// at once.
public final class ConfigParser {

    private static final Pattern TASK = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern SEMVER =
            Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");
    private static final int WHOLE = 100_000;

    private ConfigParser() {}

    /// Gives the JSON Schema (2020-12) of the file, for editors. It says what a schema can; the rest, such as names
    /// that are unique and versions that exist, is found by parsing.
    public static String schema() {
        try (InputStream in = ConfigParser.class.getResourceAsStream("patchbay.schema.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a file says.
    public static final class Parsed {

        private final ConfigDocument document;
        private final GatewayConfig config;

        private Parsed(ConfigDocument document, GatewayConfig config) {
            this.document = document;
            this.config = config;
        }

        /// Gives the file's content without comments.
        public ObjectNode tree() {
            return (ObjectNode) document.tree();
        }

        /// Gives what it means.
        public GatewayConfig config() {
            return config;
        }

        /// Says what is wrong at a place of the file.
        ///
        /// @param path as [Section#path] joins it
        ConfigProblem problem(String path, String message) {
            ConfigDocument.Position at = document.position(path);
            return new ConfigProblem(ConfigDocument.readable(path), at.line(), at.column(), message);
        }
    }

    /// Reads the text of a file without sections of module kinds.
    ///
    /// @throws ConfigInvalid with everything that is wrong
    public static Parsed parse(String yaml) {
        return parse(yaml, Set.of());
    }

    /// Reads a file's text.
    ///
    /// @param kinds the sections that kinds of modules read
    /// @throws ConfigInvalid with everything that is wrong
    public static Parsed parse(String yaml, Set<String> kinds) {
        return parse(yaml, kinds, System::getenv);
    }

    static Parsed parse(String yaml, Set<String> kinds, Function<String, @Nullable String> environment) {
        ConfigDocument document = ConfigDocument.read(yaml, environment);
        if (document.tree().isMissingNode() || document.tree().isNull()) {
            throw new ConfigInvalid(List.of(
                    new ConfigProblem("", 0, 0, "the file says nothing; to route no task, write inference: {}")));
        }
        List<ConfigProblem> problems = new ArrayList<>();
        GatewayConfig config = gateway(new Section(document, problems, "", document.tree()), kinds, Map.of());
        if (!problems.isEmpty()) {
            throw new ConfigInvalid(problems);
        }
        return new Parsed(document, config);
    }

    /// Reads content that was stored.
    ///
    /// @throws ConfigInvalid if it was stored by something else
    public static GatewayConfig parse(JsonNode tree, Set<String> kinds) {
        List<ConfigProblem> problems = new ArrayList<>();
        ObjectNode withoutOverrides = ((ObjectNode) tree).deepCopy();
        withoutOverrides.remove(RolloutOverrides.KEY);
        GatewayConfig config =
                gateway(new Section(null, problems, "", withoutOverrides), kinds, RolloutOverrides.read(tree));
        if (!problems.isEmpty()) {
            throw new ConfigInvalid(problems);
        }
        return config;
    }

    private static GatewayConfig gateway(
            Section root, Set<String> kinds, Map<String, Map<String, RolloutOverride>> overrides) {
        Map<String, TaskConfig> tasks = new TreeMap<>();
        root.sections("inference", (task, section) -> {
            if (!TASK.matcher(task).matches()) {
                section.problem(
                        "",
                        "a task's name has lower-case letters, digits and '_', begins with a letter and has at most 63 characters");
            }
            tasks.put(task, task(section, overrides.getOrDefault(task, Map.of())));
        });
        Section limits = root.section("limits");
        GatewayLimits gatewayLimits = new GatewayLimits(
                limits.bytes("body", 64 << 20, GatewayLimits.DEFAULT.body()),
                limits.integer("json_depth", 1, 500, GatewayLimits.DEFAULT.jsonDepth()));
        limits.finish();
        Set<Habit> refusedHabits = refusedHabits(root.section("modules"));
        Map<String, ObjectNode> sections = new TreeMap<>();
        for (String kind : new TreeSet<>(kinds)) {
            if (root.has(kind)) {
                sections.put(kind, root.object(kind));
            }
        }
        FlagConfig.Source flags = FlagConfig.Source.read(root.section("flags"));
        root.finish();
        return new GatewayConfig(tasks, gatewayLimits, refusedHabits, sections, flags, overrides);
    }

    private static Set<Habit> refusedHabits(Section modules) {
        Set<Habit> refused = EnumSet.noneOf(Habit.class);
        for (String id : modules.texts("refuse")) {
            Habit.of(id)
                    .ifPresentOrElse(
                            refused::add,
                            () -> modules.problem(
                                    "refuse",
                                    "'%s' is nothing that is looked for in modules; that is: %s%s"
                                            .formatted(
                                                    id,
                                                    String.join(", ", Habit.ids()),
                                                    Nearest.question(id, Habit.ids()))));
        }
        modules.finish();
        return refused;
    }

    private static TaskConfig task(Section section, Map<String, RolloutOverride> overrides) {
        String defaultVersion = section.version("default_version");
        Map<String, String> attributes = section.textMap("attributes");
        attributes.forEach((name, pointer) -> {
            try {
                JsonPointer.compile(pointer);
            } catch (IllegalArgumentException e) {
                section.problem(
                        Section.path("attributes", name),
                        "must be a JSON Pointer such as /pet/id, but is '" + pointer + "'");
            }
        });
        Map<String, String> aliases = section.textMap("aliases");
        aliases.keySet().forEach(alias -> {
            if (!NAME.matcher(alias).matches() || SEMVER.matcher(alias).matches()) {
                section.problem(
                        Section.path("aliases", alias), "an alias is a plain name such as stable, not a version");
            }
        });
        List<Experiment> experiments = experiments(section, overrides);
        TaskConfig task = new TaskConfig(
                defaultVersion,
                attributes,
                aliases,
                experiments,
                limits(section.section("limits")),
                section.object("config"),
                settings(section, "versions"),
                settings(section, "tenants"),
                outcomes(section),
                section.list("shadow").stream().map(ShadowConfig::read).toList(),
                ResilienceConfig.read(section),
                CacheConfig.read(section, aliases),
                FlagConfig.read(section));
        for (Experiment experiment : experiments) {
            for (String guarded : experiment.plan().guard().outcomes()) {
                if (!task.outcomes().containsKey(guarded)) {
                    section.problem(
                            "experiments",
                            "experiment '%s' guards the outcome '%s', which is not under outcomes%s"
                                    .formatted(
                                            experiment.name(),
                                            guarded,
                                            Nearest.question(
                                                    guarded, task.outcomes().keySet())));
                }
            }
        }
        section.finish();
        return task;
    }

    private static Map<String, Boolean> outcomes(Section section) {
        Map<String, Boolean> outcomes = new TreeMap<>();
        section.textMap("outcomes").forEach((name, better) -> {
            if (!NAME.matcher(name).matches() || !(better.equals("higher") || better.equals("lower"))) {
                section.problem(
                        "outcomes",
                        "is a plain name and which values are better, higher or lower, but is %s: %s"
                                .formatted(name, better));
            }
            outcomes.put(name, better.equals("higher"));
        });
        return Map.copyOf(outcomes);
    }

    private static Map<String, ObjectNode> settings(Section section, String key) {
        Map<String, ObjectNode> settings = new LinkedHashMap<>();
        section.sections(key, (name, entry) -> {
            settings.put(name, entry.object("config"));
            entry.finish();
        });
        return settings;
    }

    private static List<Experiment> experiments(Section section, Map<String, RolloutOverride> overrides) {
        List<Experiment> experiments = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Map<String, String> overridden = new HashMap<>();
        Map<String, Long> layers = new HashMap<>();
        for (Section entry : section.list("experiments")) {
            Experiment experiment = experiment(entry, overrides);
            if (!experiment.name().isEmpty() && !names.add(experiment.name())) {
                entry.problem(
                        "name",
                        "'" + experiment.name()
                                + "' is the name of an experiment above; names are unique within a task");
            }
            if (experiment.isTenantOverride()) {
                for (String tenant : experiment.tenants()) {
                    String other = overridden.putIfAbsent(tenant, experiment.name());
                    if (other != null) {
                        entry.problem(
                                "tenants",
                                "tenant '%s' already has a version by '%s'; a tenant has one".formatted(tenant, other));
                    }
                }
            }
            if (experiment.layer() != null) {
                long sum = layers.merge(experiment.layer(), experiment.reserved(), Long::sum);
                if (sum > WHOLE) {
                    entry.problem(
                            "layer",
                            "the experiments of layer '%s' add up to %s %%; 100 is all there is"
                                    .formatted(
                                            experiment.layer(),
                                            java.math.BigDecimal.valueOf(sum, 3)
                                                    .stripTrailingZeros()
                                                    .toPlainString()));
                }
            }
            experiments.add(experiment);
        }
        return List.copyOf(experiments);
    }

    private static Experiment experiment(Section entry, Map<String, RolloutOverride> overrides) {
        String name = entry.text("name");
        if (name == null) {
            if (!entry.mentions("name")) {
                entry.problem("", "an experiment needs a name");
            }
        } else if (!NAME.matcher(name).matches()) {
            entry.problem("name", "has letters, digits, '.', '_' and '-', at most 63, but is '" + name + "'");
        }
        String version = entry.version("version");
        if (version == null && !entry.mentions("version")) {
            entry.problem("", "an experiment needs a version");
        }
        ExperimentPlan plan = ExperimentPlan.read(entry, entry.percent("rollout"));
        Long rollout = plan.first();
        RolloutOverride override = name == null ? null : overrides.get(name);
        String unit = entry.text("unit");
        List<String> tenants = entry.texts("tenants");
        Map<String, List<String>> match = entry.textLists("match");
        if (rollout != null && unit == null && !entry.mentions("unit")) {
            entry.problem(
                    "", "a rollout needs a unit: the attribute that keeps a caller in or out, or 'request' for chance");
        }
        Experiment experiment = new Experiment(
                name == null ? "" : name,
                override == null ? rollout : override.share(rollout, version == null ? "" : version),
                unit,
                version == null ? "" : version,
                entry.text("salt"),
                match,
                tenants,
                entry.text("layer"),
                plan,
                override);
        boolean known = entry.finish();
        if (known
                && !entry.mentions("rollout")
                && !entry.mentions("steps")
                && !entry.mentions("tenants")
                && !entry.mentions("match")) {
            entry.problem("", "an experiment needs a rollout, steps, tenants or match");
        }
        return experiment;
    }

    private static TaskLimits limits(Section section) {
        TaskLimits otherwise = TaskLimits.DEFAULT;
        Section circuit = section.section("circuit");
        TaskLimits limits = new TaskLimits(
                section.integer("concurrency", 1, 10_000, otherwise.concurrency()),
                section.integer("queue", 0, 100_000, otherwise.queue()),
                section.duration("timeout", otherwise.timeout()),
                section.duration("drain", otherwise.drain()),
                section.duration("load", otherwise.load()),
                section.has("rate") ? OptionalInt.of(section.integer("rate", 1, 1_000_000, 1)) : otherwise.rate(),
                circuit.integer("failures", 1, 100_000, otherwise.circuitFailures()),
                circuit.duration("rest", otherwise.circuitRest()),
                section.integer("batch", 1, 1_024, otherwise.batch()),
                section.duration("batch_wait", otherwise.batchWait()));
        circuit.finish();
        section.finish();
        return limits;
    }
}

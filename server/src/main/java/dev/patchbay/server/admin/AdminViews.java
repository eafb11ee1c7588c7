package dev.patchbay.server.admin;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.ConfigProblem;
import dev.patchbay.core.config.ConfigRevision;
import dev.patchbay.core.config.ConfigStatus;
import dev.patchbay.core.config.Experiment;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.RolloutOverride;
import dev.patchbay.core.config.ShadowConfig;
import dev.patchbay.core.deploy.Deployer;
import dev.patchbay.core.deploy.ModuleStatus;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.registry.VersionOrder;
import dev.patchbay.core.routing.Explanation;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.routing.RouteQuery;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.scan.Finding;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What operators see, as JSON.
final class AdminViews {

    private final Deployer deployer;
    private final Router router;
    private final ConfigControl config;

    AdminViews(Deployer deployer, Router router, ConfigControl config) {
        this.deployer = deployer;
        this.router = router;
        this.config = config;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    ObjectNode modules(@Nullable String task) {
        ObjectNode root = object();
        ArrayNode list = root.putArray("modules");
        deployer.status().stream()
                .filter(module -> task == null || task.equals(module.task()))
                .forEach(module -> list.add(module(module)));
        return root;
    }

    private static ObjectNode module(ModuleStatus module) {
        ObjectNode node = object();
        node.put("task", module.task());
        node.put("version", module.version());
        node.put("state", module.state().label());
        node.put("since", module.state().since().toString());
        switch (module.state()) {
            case ModuleState.Failed failed -> node.put("stage", failed.stage()).put("cause", failed.cause());
            case ModuleState.Quarantined quarantined -> node.put("cause", quarantined.cause());
            case ModuleState.Unreachable unreachable -> node.put("cause", unreachable.cause());
            default -> {}
        }
        node.put("source", module.source());
        node.put("digest", module.digest() == null ? null : "sha256:" + module.digest());
        if (module.descriptor() != null) {
            node.put("owner", module.descriptor().owner());
            node.put("lane", module.descriptor().lane().name().toLowerCase(Locale.ROOT));
            node.put("risk", module.descriptor().risk().name().toLowerCase(Locale.ROOT));
        }
        if (module.live() != null) {
            live(node, module.live());
        }
        node.put("loader", module.loader());
        ArrayNode warnings = node.putArray("warnings");
        for (Finding finding : module.findings()) {
            warnings.addObject()
                    .put("habit", finding.habit().id())
                    .put("library", finding.library())
                    .put("place", finding.place())
                    .put("message", finding.words());
        }
        ArrayNode freed = node.putArray("freed");
        module.freed().forEach(freed::add);
        node.put("removed_from_folder", module.removed());
        ArrayNode rules = node.putArray("routed_by");
        module.routedBy().forEach(rules::add);
        return node;
    }

    private static void live(ObjectNode node, ModuleStatus.Live live) {
        if (live.baseline().calls() > 0) {
            node.putObject("baseline")
                    .put("calls", live.baseline().calls())
                    .put("p50_us", Math.round(live.baseline().p50Micros()))
                    .put("p95_us", Math.round(live.baseline().p95Micros()));
        }
        node.put("in_flight", live.inFlight());
        node.put("waiting", live.waiting());
        node.put("abandoned", live.abandoned());
        node.put("circuit", live.circuitOpen() ? "open" : "closed");
        if (live.use() != null) {
            node.put("cpu_seconds", live.use().cpuNanos() / 1_000_000 / 1000.0);
            node.put("allocated_bytes", live.use().allocatedBytes());
        }
    }

    @Nullable
    String sourceOf(ModuleKey key) {
        for (ModuleStatus module : deployer.status()) {
            if (key.equals(module.key()) && !(module.state() instanceof ModuleState.Gone)) {
                return module.source();
            }
        }
        return null;
    }

    /// Where a version came from that is gone.
    @Nullable
    String sourceOfGone(ModuleKey key) {
        return deployer.status().stream()
                .filter(module -> key.equals(module.key()) && module.state() instanceof ModuleState.Gone)
                .max(Comparator.comparing(module -> module.state().since()))
                .map(ModuleStatus::source)
                .orElse(null);
    }

    ObjectNode status() {
        ConfigStatus status = config.status();
        ObjectNode node = object();
        node.put("revision", status.revision());
        ArrayNode waiting = node.putArray("waiting_for");
        status.waitingFor().forEach(waiting::add);
        if (status.refused() != null) {
            node.put("refused_at", status.refused().toString());
        }
        ArrayNode problems = node.putArray("problems");
        for (ConfigProblem problem : status.problems()) {
            problems.addObject()
                    .put("path", problem.path())
                    .put("line", problem.line())
                    .put("column", problem.column())
                    .put("message", problem.message());
        }
        ArrayNode drift = node.putArray("differs_from_file");
        status.drift().forEach(drift::add);
        ArrayNode down = node.putArray("tasks_without_default");
        router.table().withoutDefault().forEach(down::add);
        return node;
    }

    ObjectNode routes(@Nullable Long number, @Nullable String only) {
        long shown = number == null ? config.active().number() : number;
        GatewayConfig content = number == null ? config.config() : config.configOf(number);
        List<String> drift = config.status().drift();
        ObjectNode root = object();
        root.put("revision", shown);
        ArrayNode tasks = root.putArray("tasks");
        content.inference().forEach((task, section) -> {
            if (only != null && !only.equals(task)) {
                return;
            }
            Set<String> ready = router.table().ready().getOrDefault(task, Set.of());
            ObjectNode node = tasks.addObject();
            node.put("task", task);
            node.put("default_version", section.defaultVersion());
            ObjectNode aliases = node.putObject("aliases");
            section.aliases().forEach(aliases::put);
            ArrayNode experiments = node.putArray("experiments");
            for (Experiment experiment : section.experiments()) {
                experiments.add(experiment(experiment));
            }
            if (section.flag() != null) {
                node.putObject("flag")
                        .put("key", section.flag().key())
                        .put("unit", section.flag().unit());
            }
            ArrayNode shadows = node.putArray("shadows");
            for (ShadowConfig shadow : section.shadows()) {
                shadows.addObject()
                        .put("version", shadow.version())
                        .put("sample", BigDecimal.valueOf(shadow.sample(), 3).stripTrailingZeros())
                        .put("unit", shadow.unit());
            }
            ArrayNode versions = node.putArray("ready");
            ready.stream().sorted(VersionOrder.OLD_TO_NEW).forEach(versions::add);
            node.put("differs_from_file", number == null && drift.contains(task));
        });
        return root;
    }

    private static ObjectNode experiment(Experiment experiment) {
        ObjectNode node = object();
        node.put("name", experiment.name());
        node.put("version", experiment.version());
        if (experiment.rollout() != null) {
            node.put("rollout", BigDecimal.valueOf(experiment.rollout(), 3).stripTrailingZeros());
        }
        node.put("unit", experiment.unit());
        ArrayNode tenants = node.putArray("tenants");
        experiment.tenants().forEach(tenants::add);
        ObjectNode match = node.putObject("match");
        experiment.match().forEach((attribute, values) -> {
            ArrayNode list = match.putArray(attribute);
            values.forEach(list::add);
        });
        node.put("layer", experiment.layer());
        return node;
    }

    RouteQuery query(JsonNode body) {
        String task = body.path("task").asString("");
        if (task.isEmpty()) {
            throw InferenceException.invalid("/task", "names the task to explain, and is missing");
        }
        Map<String, String> attributes = new HashMap<>();
        body.path("attributes").properties().forEach(entry -> {
            if (!entry.getValue().isValueNode()) {
                throw InferenceException.invalid("/attributes/" + entry.getKey(), "must be a plain value");
            }
            attributes.put(entry.getKey(), entry.getValue().asString());
        });
        return new RouteQuery(
                task,
                body.path("tenant").asString(null),
                body.path("version").asString(null),
                body.path("request_id").asString("explain"),
                body.path("request"),
                attributes);
    }

    ObjectNode explanation(Explanation explanation) {
        ObjectNode node = object();
        node.put("task", explanation.task());
        node.put("revision", explanation.revision());
        ArrayNode steps = node.putArray("steps");
        for (Explanation.Step step : explanation.steps()) {
            ObjectNode entry = steps.addObject();
            entry.put("kind", step.kind());
            entry.put("rule", step.rule());
            entry.put("version", step.version());
            entry.put("outcome", step.outcome());
            entry.put("bucket", step.bucket());
            entry.put("from", step.from());
            entry.put("until", step.until());
            entry.put("salt", step.salt());
            entry.put("detail", step.detail());
        }
        Resolution resolution = explanation.resolution();
        if (resolution != null) {
            node.put("version", resolution.version());
            node.put("reason", resolution.reason().name());
            node.put("rule", resolution.rule());
            ArrayNode skipped = node.putArray("skipped");
            resolution.skipped().forEach(skipped::add);
            ArrayNode shadows = node.putArray("shadows");
            resolution.shadows().forEach(shadows::add);
        }
        node.put("failure", explanation.failure());
        return node;
    }

    ObjectNode revisions() {
        ObjectNode root = object();
        root.put("active", config.active().number());
        ArrayNode list = root.putArray("revisions");
        config.history().reversed().forEach(revision -> list.add(summary(revision)));
        return root;
    }

    ObjectNode revision(long number) {
        ConfigRevision revision = config.history().stream()
                .filter(entry -> entry.number() == number)
                .findFirst()
                .orElseThrow(() -> new InferenceException(
                        ErrorCode.UNKNOWN_REVISION,
                        "There is no revision %d; %d is in force"
                                .formatted(number, config.active().number())));
        ObjectNode node = summary(revision);
        node.set("content", revision.content());
        return node;
    }

    private static ObjectNode summary(ConfigRevision revision) {
        ObjectNode node = object();
        node.put("revision", revision.number());
        node.put("time", revision.time().toString());
        node.put("author", revision.author());
        node.put("reason", revision.reason());
        node.put("source", revision.source());
        ArrayNode changes = node.putArray("changes");
        for (ConfigRevision.Change change : revision.changes()) {
            ObjectNode entry = changes.addObject();
            entry.put("path", change.path());
            entry.set("before", change.before());
            entry.set("after", change.after());
        }
        return node;
    }

    ObjectNode rolledBack(String task, ConfigControl.RolledBack done) {
        ObjectNode node = object();
        node.put("task", task);
        node.put("revision", done.revision().number());
        node.put("content_of", done.contentOf());
        node.put("default_version", done.defaultVersion());
        // every version the older section names was checked to be ready
        node.put("instant", true);
        node.put("differs_from_file", config.status().drift().contains(task));
        ArrayNode decisions = node.putArray("decisions");
        config.config().task(task).experiments().forEach(experiment -> {
            RolloutOverride decided = experiment.override();
            Long share = experiment.rollout();
            if (decided != null && !decided.halted() && share != null && share > 0) {
                decisions
                        .addObject()
                        .put("experiment", experiment.name())
                        .put("version", experiment.version())
                        .put(
                                "percent",
                                new BigDecimal(BigDecimal.valueOf(share, 3)
                                        .stripTrailingZeros()
                                        .toPlainString()))
                        .put("author", decided.author())
                        .put("reason", decided.reason());
            }
        });
        return node;
    }
}

package dev.patchbay.server.admin;

import dev.patchbay.api.InferenceException;
import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.deploy.ModuleStatus;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.rollout.RolloutStatus;
import dev.patchbay.core.statistics.Verdict;
import dev.patchbay.core.usage.UsageBook;
import dev.patchbay.core.usage.UsagePulse;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.http.Route;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `GET /admin/v1/overview`: a row for each task, with its versions, traffic and experiments. A part of the rows at a
/// time: a gateway may have thousands of versions, and this is asked every few seconds.
public final class OverviewHandler {

    private static final int ROWS = 100;
    private static final int MOST_ROWS = 500;
    private static final int TROUBLED = 20;

    private final Supplier<List<ModuleStatus>> modules;
    private final ConfigControl config;
    private final Supplier<List<RolloutStatus>> rollouts;
    private final UsageBook book;

    /// Makes a handler.
    public OverviewHandler(
            Supplier<List<ModuleStatus>> modules,
            ConfigControl config,
            Supplier<List<RolloutStatus>> rollouts,
            UsageBook book) {
        this.modules = modules;
        this.config = config;
        this.rollouts = rollouts;
        this.book = book;
    }

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(AdminRoute.of("GET", "/admin/v1/overview", exchange -> Answers.json(200, overview(exchange))));
    }

    /// A task with what orders and selects its row.
    private record Row(
            String task,
            TaskConfig section,
            List<ModuleStatus> versions,
            List<RolloutStatus> experiments,
            Pulse pulse) {

        String owner() {
            return versions.stream()
                    .map(ModuleStatus::descriptor)
                    .filter(java.util.Objects::nonNull)
                    .map(descriptor -> descriptor.owner())
                    .findFirst()
                    .orElse("");
        }

        boolean contains(String text) {
            return task.toLowerCase(Locale.ROOT).contains(text)
                    || owner().toLowerCase(Locale.ROOT).contains(text);
        }

        boolean needsSomebody() {
            return versions.stream().anyMatch(OverviewHandler::isTroubled)
                    || withoutDefault()
                    || experiments.stream()
                            .anyMatch(experiment -> experiment.state() == RolloutStatus.State.HALTED
                                    || experiment.judgement().verdict().compareTo(Verdict.HOLD) >= 0);
        }

        boolean withoutDefault() {
            String standard = section.defaultVersion();
            return standard != null
                    && versions.stream()
                            .noneMatch(module -> module.state() instanceof ModuleState.Ready
                                    && section.resolve(standard).equals(module.version()));
        }
    }

    private record Pulse(long calls, long minute, long failed) {

        Pulse and(UsagePulse other) {
            return new Pulse(calls + other.calls(), minute + other.minute(), failed + other.failed());
        }

        ObjectNode json() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("calls", calls)
                    .put("minute", minute)
                    .put("failed", failed);
        }
    }

    private ObjectNode overview(HttpExchange exchange) {
        String filter = text(exchange.queryParameter("filter"), "").strip().toLowerCase(Locale.ROOT);
        String show = text(exchange.queryParameter("show"), "all");
        int limit = Math.clamp(number(exchange, "limit", ROWS), 1, MOST_ROWS);
        int offset = Math.max(0, number(exchange, "offset", 0));
        List<ModuleStatus> all = modules.get().stream()
                .filter(module -> !(module.state() instanceof ModuleState.Gone))
                .toList();
        List<Row> rows = rows(all);
        List<Row> matching = rows.stream()
                .filter(row -> row.contains(filter))
                .filter(row -> !show.equals("attention") || row.needsSomebody())
                .sorted(order(text(exchange.queryParameter("sort"), "task")))
                .toList();

        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("revision", config.active().number());
        root.put("tasks", rows.size()).put("matching", matching.size()).put("offset", offset);
        root.put("attention", rows.stream().filter(Row::needsSomebody).count());
        ObjectNode states = root.putObject("versions");
        Map<String, Integer> counts = new TreeMap<>();
        all.forEach(module -> counts.merge(module.state().label(), 1, Integer::sum));
        counts.forEach(states::put);
        Pulse pulse = new Pulse(0, 0, 0);
        for (Row row : rows) {
            Pulse own = row.pulse();
            pulse = new Pulse(pulse.calls + own.calls, pulse.minute + own.minute, pulse.failed + own.failed);
        }
        root.set("traffic", pulse.json());
        ArrayNode shown = root.putArray("rows");
        matching.stream().skip(offset).limit(limit).forEach(row -> write(shown.addObject(), row));
        ArrayNode urgent = root.putArray("urgent");
        rows.stream().filter(Row::needsSomebody).limit(TROUBLED).forEach(row -> write(urgent.addObject(), row));
        ArrayNode troubled = root.putArray("troubled");
        all.stream()
                .filter(OverviewHandler::isTroubled)
                .limit(TROUBLED)
                .forEach(module -> troubled.addObject()
                        .put("task", module.task())
                        .put("version", module.version())
                        .put("source", module.source())
                        .put("state", module.state().label())
                        .put("cause", cause(module)));
        return root;
    }

    private List<Row> rows(List<ModuleStatus> all) {
        Map<String, List<ModuleStatus>> byTask = new TreeMap<>();
        config.config().inference().keySet().forEach(task -> byTask.put(task, new ArrayList<>()));
        for (ModuleStatus module : all) {
            if (module.task() != null) {
                byTask.computeIfAbsent(module.task(), task -> new ArrayList<>()).add(module);
            }
        }
        Map<String, List<RolloutStatus>> experiments = new TreeMap<>();
        rollouts.get()
                .forEach(status -> experiments
                        .computeIfAbsent(status.task(), task -> new ArrayList<>())
                        .add(status));
        List<Row> rows = new ArrayList<>();
        byTask.forEach((task, versions) -> {
            Pulse pulse = new Pulse(0, 0, 0);
            for (ModuleStatus module : versions) {
                pulse = pulse.and(book.pulse(java.util.Objects.requireNonNull(module.key())));
            }
            rows.add(new Row(
                    task, config.config().task(task), versions, experiments.getOrDefault(task, List.of()), pulse));
        });
        return rows;
    }

    private static Comparator<Row> order(String sort) {
        Comparator<Row> byName = Comparator.comparing(Row::task);
        return switch (sort) {
            case "traffic" ->
                Comparator.comparingLong((Row row) -> row.pulse().minute())
                        .reversed()
                        .thenComparing(byName);
            case "failures" ->
                Comparator.comparingLong((Row row) -> row.pulse().failed())
                        .reversed()
                        .thenComparing(byName);
            case "task" -> byName;
            default -> throw InferenceException.invalid("/sort", "is task, traffic or failures, but is '" + sort + "'");
        };
    }

    private void write(ObjectNode node, Row row) {
        node.put("task", row.task()).put("owner", row.owner());
        String standard = row.section().defaultVersion();
        node.put("default_version", standard == null ? null : row.section().resolve(standard));
        node.put("default_ready", standard != null && !row.withoutDefault());
        node.put("attention", row.needsSomebody());
        node.set("traffic", row.pulse().json());
        ArrayNode versions = node.putArray("versions");
        for (ModuleStatus module : row.versions()) {
            ModuleKey key = java.util.Objects.requireNonNull(module.key());
            UsagePulse pulse = book.pulse(key);
            ObjectNode entry = versions.addObject();
            entry.put("version", key.version()).put("state", module.state().label());
            entry.put("cause", cause(module));
            entry.put("routed", !module.routedBy().isEmpty());
            entry.put("calls", pulse.calls()).put("minute", pulse.minute()).put("failed", pulse.failed());
            book.minute(key)
                    .filter(minute -> minute.total().count() > 0)
                    .ifPresent(minute -> entry.put("p50_us", minute.total().p50())
                            .put("p99_us", minute.total().p99()));
        }
        ArrayNode experiments = node.putArray("experiments");
        for (RolloutStatus experiment : row.experiments()) {
            experiments
                    .addObject()
                    .put("name", experiment.experiment())
                    .put("version", experiment.version())
                    .put("percent", BigDecimal.valueOf(experiment.share(), 3).stripTrailingZeros())
                    .put("state", experiment.state().label())
                    .put("verdict", experiment.judgement().verdict().label())
                    .put("words", experiment.judgement().words());
        }
        node.put(
                "tenant_rules",
                row.section().experiments().stream()
                        .filter(experiment -> experiment.isTenantOverride())
                        .count());
        node.put("shadows", row.section().shadows().size());
    }

    private static boolean isTroubled(ModuleStatus module) {
        return module.state() instanceof ModuleState.Failed
                || module.state() instanceof ModuleState.Quarantined
                || module.state() instanceof ModuleState.Unreachable
                || module.live() != null && module.live().circuitOpen();
    }

    private static @Nullable String cause(ModuleStatus module) {
        return switch (module.state()) {
            case ModuleState.Failed failed -> "failed in " + failed.stage() + ": " + failed.cause();
            case ModuleState.Quarantined quarantined -> quarantined.cause();
            case ModuleState.Unreachable unreachable -> unreachable.cause();
            default ->
                module.live() != null && module.live().circuitOpen()
                        ? "its circuit is open: too many of its latest calls failed"
                        : null;
        };
    }

    private static String text(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private static int number(HttpExchange exchange, String name, int otherwise) {
        String value = exchange.queryParameter(name);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw InferenceException.invalid("/" + name, "is a whole number, but is '" + value + "'");
        }
    }
}

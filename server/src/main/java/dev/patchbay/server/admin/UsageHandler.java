package dev.patchbay.server.admin;

import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.deploy.Deployer;
import dev.patchbay.core.deploy.ModuleStatus;
import dev.patchbay.core.execution.CallTimings.Stage;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.usage.Quantiles;
import dev.patchbay.core.usage.UsageAnswers;
import dev.patchbay.core.usage.UsageBook;
import dev.patchbay.core.usage.UsageReport;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.http.Route;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `GET /admin/v1/usage`: calls, errors, durations and last use of every version, and what follows from them.
public final class UsageHandler {

    /// A version that no rule names may go when nobody asked for it this long.
    private static final Duration QUIET = Duration.ofHours(1);

    private final UsageBook book;
    private final Deployer deployer;
    private final ConfigControl config;
    private final Clock clock;

    /// Makes a handler.
    public UsageHandler(UsageBook book, Deployer deployer, ConfigControl config, Clock clock) {
        this.book = book;
        this.deployer = deployer;
        this.config = config;
        this.clock = clock;
    }

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(AdminRoute.of(
                "GET", "/admin/v1/usage", exchange -> Answers.json(200, usage(exchange.queryParameter("task")))));
    }

    private JsonNode usage(@Nullable String task) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("since", book.since().toString());
        root.put("remembered_since", book.rememberedSince().toString());
        ArrayNode versions = root.putArray("versions");
        ArrayNode answers = root.putArray("answers");
        deployer.status().stream()
                .filter(module -> module.key() != null && module.live() != null)
                .filter(module -> task == null || task.equals(module.task()))
                .sorted(Comparator.comparing(ModuleStatus::key))
                .forEach(module -> version(module, versions, answers));
        return root;
    }

    private void version(ModuleStatus module, ArrayNode versions, ArrayNode answers) {
        ModuleKey key = java.util.Objects.requireNonNull(module.key());
        Optional<UsageReport> usage = book.report(key);
        ObjectNode node = versions.addObject();
        node.put("task", key.task()).put("version", key.version());
        TaskConfig section = config.config().task(key.task());
        String standard = section.defaultVersion() == null ? "" : section.resolve(section.defaultVersion());
        node.put("is_default", standard.equals(key.version()));
        ArrayNode rules = node.putArray("routed_by");
        module.routedBy().forEach(rules::add);
        node.put("calls", usage.map(UsageReport::calls).orElse(0L));
        node.put("last_used", usage.map(use -> use.lastUsed().toString()).orElse(null));
        retirement(node, module, usage.map(UsageReport::lastUsed).orElse(null));
        usage.ifPresent(use -> {
            node.set("minute", window(use.minute()));
            node.set("hour", window(use.hour()));
            ArrayNode tenants = node.putArray("tenants");
            for (UsageReport.Tenant tenant : use.tenants()) {
                ObjectNode entry = tenants.addObject();
                entry.put("tenant", tenant.name()).put("calls", tenant.calls());
                entry.put("last_used", tenant.lastUsed().toString());
                entry.set("minute", window(tenant.minute()));
                entry.set("hour", window(tenant.hour()));
            }
            node.put("calls_of_other_tenants", use.untold());
            UsageReport beside = standard.isEmpty() || standard.equals(key.version())
                    ? null
                    : book.report(new ModuleKey(key.task(), standard)).orElse(null);
            UsageAnswers.about(use, beside)
                    .forEach(sentence -> answers.addObject()
                            .put("task", key.task())
                            .put("version", key.version())
                            .put("says", sentence));
        });
    }

    private void retirement(ObjectNode node, ModuleStatus module, @Nullable Instant lastUsed) {
        Instant now = clock.instant();
        boolean named = !module.routedBy().isEmpty();
        Instant used = lastUsed == null ? book.rememberedSince() : lastUsed;
        boolean quiet = Duration.between(used, now).compareTo(QUIET) > 0;
        node.put("safe_to_retire", !named && quiet);
        String words = (lastUsed != null
                        ? "it was last called "
                        : book.rememberedSince().isBefore(book.since())
                                ? "nobody called it since this is remembered, which began "
                                : "nobody called it since the gateway started ")
                + ago(Duration.between(used, now));
        node.put(
                "retire",
                named
                        ? "no: named by " + String.join(", ", module.routedBy())
                        : (quiet ? "yes: no rule names it and " : "not yet: no rule names it, but ") + words);
    }

    private static String ago(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return seconds < 120
                ? seconds + " s ago"
                : seconds < 7_200
                        ? seconds / 60 + " min ago"
                        : seconds < 172_800 ? seconds / 3_600 + " h ago" : seconds / 86_400 + " d ago";
    }

    private static ObjectNode window(UsageReport.Window window) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("calls", window.calls());
        node.put("answered", window.answered());
        node.put("failed", window.failed());
        node.put("timeouts", window.timeouts());
        ObjectNode errors = node.putObject("errors");
        window.errors().forEach((code, count) -> errors.put(code.id(), count));
        node.set("total", quantiles(window.total()));
        ObjectNode stages = node.putObject("stages");
        for (Map.Entry<Stage, Quantiles> stage : window.stages().entrySet()) {
            stages.set(stage.getKey().name().toLowerCase(Locale.ROOT), quantiles(stage.getValue()));
        }
        return node;
    }

    private static ObjectNode quantiles(Quantiles quantiles) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("count", quantiles.count())
                .put("p50_us", quantiles.p50())
                .put("p95_us", quantiles.p95())
                .put("p99_us", quantiles.p99())
                .put("max_us", quantiles.max());
    }
}

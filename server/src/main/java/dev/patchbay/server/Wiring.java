package dev.patchbay.server;

import dev.patchbay.core.Gateway;
import dev.patchbay.core.access.RateLimits;
import dev.patchbay.core.config.ConfigControl;
import dev.patchbay.core.config.DirectoryRevisions;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.config.MemoryRevisions;
import dev.patchbay.core.config.RevisionStore;
import dev.patchbay.core.deploy.Deployer;
import dev.patchbay.core.deploy.ModelRuntimes;
import dev.patchbay.core.deploy.ModuleStatus;
import dev.patchbay.core.execution.Deadlines;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.flag.Flags;
import dev.patchbay.core.outcome.Outcomes;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.rollout.Rollouts;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.core.shadow.Shadows;
import dev.patchbay.core.telemetry.CallLedger;
import dev.patchbay.core.telemetry.EventLog;
import dev.patchbay.core.usage.HealthWatch;
import dev.patchbay.core.usage.UsageBook;
import dev.patchbay.core.usage.UsageFile;
import dev.patchbay.server.admin.AdminHandler;
import dev.patchbay.server.admin.AdminRoute;
import dev.patchbay.server.admin.AdminToken;
import dev.patchbay.server.admin.CacheHandler;
import dev.patchbay.server.admin.LeaksHandler;
import dev.patchbay.server.admin.ModulesFolder;
import dev.patchbay.server.admin.OutcomeHandler;
import dev.patchbay.server.admin.OverviewHandler;
import dev.patchbay.server.admin.RolloutHandler;
import dev.patchbay.server.admin.ShadowHandler;
import dev.patchbay.server.admin.UsageHandler;
import dev.patchbay.server.catalog.Catalog;
import dev.patchbay.server.catalog.CatalogHandler;
import dev.patchbay.server.catalog.DocsHandler;
import dev.patchbay.server.catalog.HealthHandler;
import dev.patchbay.server.chat.ChatRoutes;
import dev.patchbay.server.console.ConsoleHandler;
import dev.patchbay.server.http.Route;
import dev.patchbay.server.inference.FeedbackHandler;
import dev.patchbay.server.inference.InferenceHandler;
import dev.patchbay.server.oip.OipRoutes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Every object of a gateway and what it is made of: the one place where they are put together.
final class Wiring {

    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final Router router = new Router();
    final ModuleRegistry modules = new ModuleRegistry();
    final CallLedger ledger = new CallLedger(meters, modules);
    final UsageBook usage = new UsageBook(Clock.systemUTC());
    final @Nullable UsageFile usageFile;
    final Deadlines deadlines = new Deadlines();
    final JvmGcMetrics gcPauses = new JvmGcMetrics();
    final ModelRuntimes runtimes;
    final Flags flags;
    final Gateway gateway;
    final Deployer deployer;
    final ConfigControl config;
    final EventLog events = new EventLog(Clock.systemUTC());
    final Rollouts rollouts;
    final Outcomes outcomes;
    final Shadows shadows;
    final HealthWatch health;
    final ModuleGauges modulesByState;
    final List<Route> publicRoutes;
    final List<Route> adminRoutes;

    /// Puts a gateway together.
    ///
    /// @param data where artifacts are kept while the process runs
    /// @param kept where revisions are kept; null keeps them in memory
    /// @param first the config as it is at the start
    /// @param runtimes the engines and kinds of modules that are there
    /// @param tracing decides about a trace when a call comes
    Wiring(
            ServeOptions options,
            Path data,
            @Nullable Path kept,
            AtomicReference<Phase> phase,
            GatewayConfig first,
            ModelRuntimes runtimes,
            UnaryOperator<TraceContext> tracing) {
        this.runtimes = runtimes;
        GatewayConfig.GatewayLimits limits = first.limits();
        flags = new Flags(runtimes.flags().orElse(null), first.flags().timeout(), meters, events);
        flags.start(first.flags().provider());
        JsonReader json = new JsonReader(limits.jsonDepth());
        gateway = new Gateway(
                json, new RateLimits(task -> router.table().rate(task)), router, modules, ledger, flags, tracing);
        deployer = new Deployer(
                new Deployer.Parts(
                        modules, router, ledger, deadlines, gateway, runtimes, meters, events, Clock.systemUTC()),
                data);
        ledger.observe(usage);
        usageFile = kept == null ? null : new UsageFile(kept.resolve("usage.json"), usage);
        RevisionStore revisions = kept == null ? new MemoryRevisions() : revisions(kept.resolve("revisions"));
        config = new ConfigControl(revisions, deployer.catalog(), router::activate, Clock.systemUTC());

        rollouts = new Rollouts(config, events, Clock.systemUTC());
        ledger.observe(rollouts);
        outcomes = new Outcomes(config, router, rollouts, meters);
        ledger.observe(outcomes);
        health = new HealthWatch(() -> watched(deployer), usage, events);
        shadows = new Shadows(config, modules, meters);
        ledger.observe(shadows);

        Gauge.builder("patchbay.routing.revision", () -> router.table().revision())
                .description("The config revision in force")
                .register(meters);
        events.read(event -> Counter.builder("patchbay.events")
                .description("What happened that an operator may want to know; `patchbay events` has the words")
                .tags("kind", event.kind(), "level", event.level().label())
                .register(meters)
                .increment());
        Gauge.builder("patchbay.build.info", () -> 1)
                .description("Always 1; its labels tell what is running")
                .tags("version", Product.VERSION, "jdk", Runtime.version().toString())
                .register(meters);
        List.of(
                        gcPauses,
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ClassLoaderMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics())
                .forEach(process -> process.bindTo(meters));

        InferenceHandler inference = new InferenceHandler(gateway);
        Catalog catalog = new Catalog(deployer::status, task -> config.config().task(task));
        List<Route> routes = new ArrayList<>();
        routes.add(new Route("POST", "/v1/inference/{task}", inference::routed));
        routes.add(new Route("POST", "/v1/inference/{task}/versions/{version}", inference::pinned));
        routes.add(new Route("POST", "/v1/feedback", new FeedbackHandler(outcomes)::take));
        CatalogHandler described = new CatalogHandler(catalog, Product.VERSION);
        routes.addAll(described.routes());
        routes.addAll(new DocsHandler().routes());
        routes.addAll(new ChatRoutes(gateway, json, deployer::status).routes());
        HealthHandler probes = new HealthHandler(
                () -> phase.get() != Phase.STARTING,
                () -> phase.get() == Phase.STOPPING,
                () -> router.table().withoutDefault());
        routes.addAll(probes.routes());
        OipRoutes oip = new OipRoutes(new OipRoutes.Parts(
                gateway,
                router,
                modules,
                deployer,
                ledger,
                options.modules(),
                json,
                probes::readiness,
                Product.VERSION,
                limits.body()));
        routes.addAll(oip.routes());
        publicRoutes = List.copyOf(routes);

        modulesByState = new ModuleGauges(meters, deployer::status);
        List<Route> admin = new ArrayList<>(
                new AdminHandler(deployer, router, flags, config, new ModulesFolder(options.modules()), this::scrape)
                        .routes());
        admin.addAll(new UsageHandler(usage, deployer, config, Clock.systemUTC()).routes());
        admin.addAll(new RolloutHandler(rollouts, events).routes());
        admin.addAll(new OutcomeHandler(outcomes).routes());
        admin.addAll(new ShadowHandler(shadows).routes());
        admin.addAll(new CacheHandler(gateway.cache()).routes());
        admin.addAll(new LeaksHandler(deployer.leaks()).routes());
        admin.addAll(oip.adminRoutes((method, path, action) -> AdminRoute.of(method, path, action::answer)));
        admin.addAll(new OverviewHandler(deployer::status, config, rollouts::status, usage).routes());
        admin.add(AdminRoute.local("GET", "/admin/v1/tasks/{task}", described::task));
        admin.add(AdminRoute.local("GET", "/admin/v1/tasks/{task}/versions/{version}", described::version));
        admin.add(AdminRoute.local("POST", "/admin/v1/try/{task}", inference::routed));
        admin.add(AdminRoute.local("POST", "/admin/v1/try/{task}/versions/{version}", inference::pinned));
        if (options.adminToken() != null) {
            AdminToken token = new AdminToken(options.adminToken());
            admin.replaceAll(route -> route.unless(token::refusal));
        }
        admin.addAll(probes.routes());
        admin.addAll(new ConsoleHandler().routes());
        adminRoutes = List.copyOf(admin);
    }

    private RevisionStore revisions(Path directory) {
        DirectoryRevisions kept = new DirectoryRevisions(directory);
        kept.damaged()
                .forEach(file -> events.add(
                        EventLog.Level.ALARM,
                        "revision-damaged",
                        "",
                        null,
                        "%s in %s is damaged and left out of the history. A rollback or promotion that was in it does not hold any more: look at `patchbay history`"
                                .formatted(file, directory)));
        return kept;
    }

    private static List<HealthWatch.Watched> watched(Deployer deployer) {
        List<HealthWatch.Watched> watched = new ArrayList<>();
        for (ModuleStatus module : deployer.status()) {
            if (module.key() != null && module.live() != null) {
                watched.add(new HealthWatch.Watched(
                        module.key(), module.live().baseline().p95Micros()));
            }
        }
        return watched;
    }

    private String scrape() {
        modulesByState.refresh();
        return meters.scrape();
    }

    /// Lists all meters as they are now.
    List<Meter> meters() {
        modulesByState.refresh();
        return meters.getMeters();
    }

    /// Where the process is in its life.
    enum Phase {
        STARTING,
        SERVING,
        STOPPING
    }
}

package dev.patchbay.core.deploy;

import dev.patchbay.api.BatchModule;
import dev.patchbay.api.CallMode;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.InferenceModule;
import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.runtime.SchemaModule;
import dev.patchbay.api.runtime.TensorMapping;
import dev.patchbay.api.runtime.TensorModule;
import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.deploy.ModuleDescriptor.FolderBody;
import dev.patchbay.core.deploy.ModuleDescriptor.JavaBody;
import dev.patchbay.core.deploy.ModuleDescriptor.ModelBody;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.execution.CancelSignal;
import dev.patchbay.core.execution.ModuleCall;
import dev.patchbay.core.execution.Niceness;
import dev.patchbay.core.execution.TaskCaller;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.leak.LeakWatch;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.schema.Codec;
import dev.patchbay.core.schema.JsonReader;
import dev.patchbay.core.schema.JsonSchema;
import dev.patchbay.core.schema.JsonValues;
import dev.patchbay.core.schema.RecordCodec;
import dev.patchbay.core.schema.SettingsBinder;
import dev.patchbay.core.schema.ValueCodec;
import dev.patchbay.core.tensor.ModelModule;
import dev.patchbay.core.tensor.TensorCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Makes a warm module out of an artifact: classes, settings, `load`, codec, `warmup`, baseline, probes. Whatever fails
/// on the way, what was taken until then is given back.
final class ModuleStarter {

    private static final Logger log = LoggerFactory.getLogger(ModuleStarter.class);
    private static final Supervised.Patience RELEASE = new Supervised.Patience(
            Duration.ofMinutes(1), "What it took after that resource stays open until it returns");

    private final HostContext.Host host;
    private final TaskCaller tasks;
    private final LeakWatch leaks;
    private final MetaspaceHeadroom metaspace = new MetaspaceHeadroom();

    ModuleStarter(HostContext.Host host, TaskCaller tasks, LeakWatch leaks) {
        this.host = host;
        this.tasks = tasks;
        this.leaks = leaks;
    }

    /// A module that can be called, and what to give back when it goes.
    record Started(Callee callee, ModuleClassLoader loader, ResourceLedger ledger, Baseline baseline) {}

    /// What to start.
    ///
    /// @param number tells the instances of a version apart
    /// @param stages told when a stage begins
    /// @param reach told what the instance needs outside and does not find
    record Order(
            ModuleArtifact artifact,
            ModuleDescriptor descriptor,
            int number,
            TaskConfig config,
            java.util.function.Consumer<String> stages,
            HostContext.Reach reach) {

        ModuleKey key() {
            return descriptor.key();
        }

        String name() {
            return key() + "#" + number;
        }
    }

    Started start(Order order) {
        metaspace.require(order.key().task(), order.artifact());
        long metaspaceBefore = metaspace.used();
        ModuleClassLoader loader =
                new ModuleClassLoader(order.name(), order.artifact().classPath(), ModuleStarter.class.getClassLoader());
        ResourceLedger ledger = new ResourceLedger(order.name());
        try {
            Supervised.Patience patience = Supervised.Patience.forStarting(
                    order.key().task(), order.config().limits().load());
            order.stages().accept("load");
            Callee callee = Supervised.run("load", order.name(), loader, patience, () -> {
                giveWay(order);
                Callee loaded = load(order, loader, ledger);
                if (loaded.module() instanceof BatchModule<?, ?> batching) {
                    // asked again when its executor is made, where nothing supervises it
                    batching.largestBatch();
                }
                return loaded;
            });
            order.stages().accept("warmup");
            List<Object> examples = Supervised.run("warmup", order.name(), loader, patience, () -> {
                giveWay(order);
                return warm(order, callee);
            });
            Baseline baseline =
                    Supervised.run("baseline", order.name(), loader, patience, () -> measure(order, callee, examples));
            Supervised.run("probe", order.name(), loader, patience, () -> {
                new GoldenProbes(callee, tenant -> call(order, callee, tenant)).ask(order.artifact());
                return true;
            });
            metaspace.took(order.key().task(), metaspace.used() - metaspaceBefore);
            return new Started(callee, loader, ledger, baseline);
        } catch (RuntimeException | Error e) {
            giveBack(order.name(), ledger, loader);
            leaks.track(order.name(), loader);
            throw e;
        }
    }

    /// Opening a model and its first runs take a core for a while. Code of a module may start threads that would give
    /// way for good.
    private void giveWay(Order order) {
        if (order.descriptor().body() instanceof ModelBody body
                && host.runtimes().runOnCaller(body.format(), options(body))) {
            Niceness.giveWay();
        }
    }

    private static ModelOptions options(ModelBody body) {
        return new ModelOptions(body.threads(), body.options());
    }

    /// Closes what an instance took, and its class loader.
    ///
    /// @return what the module left undone and the host did for it
    static List<String> giveBack(String name, ResourceLedger ledger, ModuleClassLoader loader) {
        List<String> freed = List.of();
        try {
            // some of it is the module's own code, which may hang
            freed = Supervised.run("release", name, loader, RELEASE, ledger::close);
        } catch (DeploymentFailed e) {
            log.warn("{}: {}", name, e.getMessage());
        }
        ResourceBundle.clearCache(loader);
        try {
            loader.close();
        } catch (IOException e) {
            log.warn("{}: its files could not be released: {}", name, e.toString());
        }
        return freed;
    }

    private Callee load(Order order, ModuleClassLoader loader, ResourceLedger ledger) throws Exception {
        return switch (order.descriptor().body()) {
            case JavaBody body -> loadJava(order, body, loader, ledger);
            case ModelBody body -> loadModel(order, body, loader, ledger);
            case FolderBody body -> loadFolder(order, body, loader, ledger);
        };
    }

    private Callee loadJava(Order order, JavaBody body, ModuleClassLoader loader, ResourceLedger ledger)
            throws Exception {
        Settings settings = settings(order, body, loader);
        HostContext context =
                new HostContext(host, order.key(), order.artifact(), loader, ledger, settings.forAll(), order.reach());
        ModuleDescriptor.Schemas schemas = order.descriptor().schemas();
        if (schemas.request() == null || schemas.response() == null) {
            throw new DeploymentFailed("load", "the descriptor has no schemas; build the module again");
        }
        Codec codec = new RecordCodec(
                loader.loadClass(body.requestType()),
                JsonSchema.compile(schemas.request()),
                JsonSchema.compile(schemas.response()),
                schemas.part() == null ? null : JsonSchema.compile(schemas.part()),
                loader);
        Class<?> type = loader.loadClass(body.moduleClass());
        if (!InferenceModule.class.isAssignableFrom(type)) {
            throw new DeploymentFailed("load", body.moduleClass() + " is no InferenceModule");
        }
        @SuppressWarnings("unchecked")
        InferenceModule<Object, Object> typed =
                (InferenceModule<Object, Object>) type.getDeclaredConstructor().newInstance();
        typed.load(context);
        return callee(order, typed, codec, settings, loader);
    }

    private Callee loadModel(Order order, ModelBody body, ModuleClassLoader loader, ResourceLedger ledger)
            throws Exception {
        HostContext context = new HostContext(host, order.key(), order.artifact(), loader, ledger, null, order.reach());
        refuseSettings(order);
        ModelModule module = new ModelModule(
                body.file(),
                options(body),
                new TensorMapping(body.input(), body.output(), body.labels()),
                order.descriptor().schemas().request(),
                order.descriptor().schemas().response());
        module.load(context);
        @SuppressWarnings({"unchecked", "rawtypes"})
        InferenceModule<Object, Object> typed = (InferenceModule) module;
        return callee(order, typed, module.codec(), new Settings(null, Map.of()), loader);
    }

    private Callee loadFolder(Order order, FolderBody body, ModuleClassLoader loader, ResourceLedger ledger)
            throws Exception {
        HostContext context = new HostContext(host, order.key(), order.artifact(), loader, ledger, null, order.reach());
        refuseSettings(order);
        InferenceModule<Object, Object> module = body.module().make().get();
        module.load(context);
        Codec codec = codec(module, order.descriptor().schemas());
        return callee(order, module, codec, new Settings(null, Map.of()), loader);
    }

    private static Codec codec(InferenceModule<Object, Object> module, ModuleDescriptor.Schemas schemas) {
        return switch (module) {
            case TensorModule tensors ->
                new TensorCodec(
                        tensors.inputs(), tensors.outputs(), tensors.mapping(), schemas.request(), schemas.response());
            case SchemaModule described ->
                new ValueCodec(
                        JsonSchema.compile(JsonValues.tree(described.requestSchema())),
                        JsonSchema.compile(JsonValues.tree(described.responseSchema())),
                        null);
            default ->
                new ValueCodec(
                        JsonSchema.compile(Objects.requireNonNull(schemas.request())),
                        JsonSchema.compile(Objects.requireNonNull(schemas.response())),
                        schemas.part() == null ? null : JsonSchema.compile(schemas.part()));
        };
    }

    private static void refuseSettings(Order order) {
        if (!order.config().settingsOf(order.key().version()).isEmpty()) {
            throw new DeploymentFailed(
                    "load",
                    "inference.%s.config: a module without code takes no settings"
                            .formatted(order.key().task()));
        }
    }

    private static Callee callee(
            Order order,
            InferenceModule<Object, Object> module,
            Codec codec,
            Settings settings,
            ModuleClassLoader loader) {
        return new Callee(
                order.key().task(),
                order.key().version(),
                order.name(),
                module,
                codec,
                settings::of,
                loader,
                order.descriptor().lane());
    }

    /// A module's settings record, and those of the tenants that have their own.
    private record Settings(@Nullable Record forAll, Map<String, Record> byTenant) {

        Optional<Record> of(@Nullable String tenant) {
            Record own = tenant == null ? null : byTenant.get(tenant);
            return Optional.ofNullable(own == null ? forAll : own);
        }
    }

    private static Settings settings(Order order, JavaBody body, ModuleClassLoader loader) throws Exception {
        String version = order.key().version();
        String prefix = "inference." + order.key().task() + ".config";
        JsonNode schema = order.descriptor().schemas().config();
        if (body.configType() == null || schema == null) {
            if (!order.config().settingsOf(version).isEmpty()) {
                throw new DeploymentFailed("load", prefix + ": " + order.key() + " takes no settings");
            }
            return new Settings(null, Map.of());
        }
        SettingsBinder binder = new SettingsBinder(
                loader.loadClass(body.configType()).asSubclass(Record.class), JsonSchema.compile(schema), loader);
        try {
            Record forAll = binder.bind(order.config().settingsOf(version), prefix);
            Map<String, Record> byTenant = new HashMap<>();
            order.config()
                    .tenantSettingsOf(version)
                    .forEach((tenant, values) -> byTenant.put(
                            tenant,
                            binder.bind(
                                    values,
                                    "inference.%s.tenants.%s.config"
                                            .formatted(order.key().task(), tenant))));
            return new Settings(forAll, Map.copyOf(byTenant));
        } catch (IllegalArgumentException e) {
            throw new DeploymentFailed("load", e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    /// @return what to measure the module with; nothing if it cannot be asked yet
    private List<Object> warm(Order order, Callee callee) throws Exception {
        List<Object> examples = examples(order, callee);
        try {
            callee.module().warmup(examples, call(order, callee, null));
            boolean measurable = !(order.descriptor().body() instanceof FolderBody folder)
                    || folder.module().rehearses();
            return measurable ? examples : List.of();
        } catch (InferenceException e) {
            notThereYet(order, e);
            return List.of();
        }
    }

    private Baseline measure(Order order, Callee callee, List<Object> examples) throws Exception {
        try {
            return Baseline.measure(callee, examples, call(order, callee, null));
        } catch (InferenceException e) {
            notThereYet(order, e);
            return Baseline.NONE;
        }
    }

    /// A composed module may be here before the tasks it asks; it warms up with its first calls then.
    private static void notThereYet(Order order, InferenceException e) {
        if (e.code() != ErrorCode.UNKNOWN_TASK
                && e.code() != ErrorCode.VERSION_UNAVAILABLE
                && e.code() != ErrorCode.DEPENDENCY_FAILED) {
            throw e;
        }
        log.info(
                "{} starts without a baseline, because what it asks is not there yet: {}",
                order.name(),
                e.getMessage());
    }

    private ModuleCall call(Order order, Callee callee, @Nullable String tenant) {
        return new ModuleCall(callee, warmupContext(order, tenant), tasks, () -> false);
    }

    private static CallContext warmupContext(Order order, @Nullable String tenant) {
        long now = System.nanoTime();
        return new CallContext(
                "warmup-" + order.name(),
                tenant,
                CallMode.WARMUP,
                now,
                now + order.config().limits().load().toNanos(),
                TraceContext.from(null, null),
                List.of(),
                new CancelSignal());
    }

    private static List<Object> examples(Order order, Callee callee) throws IOException {
        List<Path> files = new ArrayList<>(order.artifact().list("META-INF/patchbay/examples"));
        files.addAll(order.artifact().list("examples"));
        JsonReader reader = new JsonReader(500);
        List<Object> examples = new ArrayList<>();
        for (Path file : files) {
            if (file.toString().endsWith(".json")) {
                try {
                    examples.add(callee.codec().decode(reader.read(Files.readAllBytes(file))));
                } catch (InferenceException e) {
                    throw new DeploymentFailed("warmup", "example " + file.getFileName() + ": " + e.getMessage(), e);
                }
            }
        }
        if (examples.isEmpty() && (Object) callee.module() instanceof ModelModule model) {
            examples.add(model.blank());
        }
        return examples;
    }
}

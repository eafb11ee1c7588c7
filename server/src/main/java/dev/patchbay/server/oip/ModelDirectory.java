package dev.patchbay.server.oip;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.core.deploy.ModuleDescriptor;
import dev.patchbay.core.deploy.ModuleStatus;
import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.registry.ModuleInstance;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.registry.ModuleRegistry;
import dev.patchbay.core.registry.ModuleState;
import dev.patchbay.core.registry.VersionOrder;
import dev.patchbay.core.routing.RouteQuery;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.tensor.TensorPorts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// What the protocol tells of models, over what is true at the moment. Without a version it tells of the one that
/// routing gives the caller.
final class ModelDirectory {

    private final Router router;
    private final ModuleRegistry modules;
    private final Supplier<List<ModuleStatus>> statuses;

    ModelDirectory(Router router, ModuleRegistry modules, Supplier<List<ModuleStatus>> statuses) {
        this.router = router;
        this.modules = modules;
        this.statuses = statuses;
    }

    /// A model as clients see it.
    ///
    /// @param versions all that are ready
    record Model(
            String name,
            List<String> versions,
            String platform,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            Map<String, String> properties) {}

    /// One version in the repository.
    ///
    /// @param state `READY`, `LOADING`, `UNLOADING` or `UNAVAILABLE`
    /// @param reason why it is not ready
    record Entry(ModuleKey key, String state, String reason, String source, List<String> routedBy) {

        boolean isReady() {
            return state.equals("READY");
        }
    }

    /// Lists the models that can be asked.
    List<String> names() {
        return router.table().ready().keySet().stream().sorted().toList();
    }

    /// Tells of a model.
    ///
    /// @throws InferenceException `unknown-task`, `unknown-version` or `version-unavailable`
    Model describe(String name, @Nullable String version, @Nullable String tenant) {
        ModuleKey key = ready(name, version, tenant);
        Callee callee = modules.find(key)
                .map(ModuleInstance::executor)
                .orElseThrow(() -> unavailable(key, "is just being replaced; ask again"))
                .callee();
        TensorPorts ports = callee.codec() instanceof TensorPorts tensors ? tensors : null;
        Optional<ModuleDescriptor> descriptor = statuses.get().stream()
                .filter(status -> key.equals(status.key()) && status.descriptor() != null)
                .map(ModuleStatus::descriptor)
                .findFirst();
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("described_version", key.version());
        descriptor.ifPresent(known -> {
            properties.put("owner", known.owner());
            properties.put("risk", known.risk().name().toLowerCase(Locale.ROOT));
            if (!known.description().isEmpty()) {
                properties.put("description", known.description());
            }
        });
        if (ports == null) {
            properties.put("request_content_type", "application/json");
            properties.put("schemas", "/v1/tasks/%s/versions/%s".formatted(name, key.version()));
        }
        return new Model(
                name,
                router.table().ready().getOrDefault(name, Set.of()).stream()
                        .sorted(VersionOrder.OLD_TO_NEW)
                        .toList(),
                descriptor.map(ModelDirectory::platform).orElse("patchbay"),
                ports == null ? List.of(InferDialect.REQUEST) : ports.inputTensors(),
                ports == null ? List.of(InferDialect.RESPONSE) : ports.outputTensors(),
                properties);
    }

    private static String platform(ModuleDescriptor descriptor) {
        return switch (descriptor.body()) {
            case ModuleDescriptor.JavaBody _ -> "patchbay_java";
            case ModuleDescriptor.FolderBody folder -> "patchbay_" + folder.kind();
            case ModuleDescriptor.ModelBody model ->
                switch (model.format()) {
                    case "onnx" -> "onnx_onnxv1";
                    case "torchscript" -> "pytorch_torchscript";
                    case "tensorflow" -> "tensorflow_savedmodel";
                    default -> "patchbay_" + model.format();
                };
        };
    }

    /// Finds the version that would answer.
    ///
    /// @throws InferenceException `unknown-task`, `unknown-version`, or `version-unavailable` with the cause
    ModuleKey ready(String name, @Nullable String version, @Nullable String tenant) {
        var query = new RouteQuery(name, tenant, version, "", JsonNodeFactory.instance.objectNode(), Map.of());
        try {
            return new ModuleKey(name, router.resolve(query).version());
        } catch (InferenceException e) {
            for (Entry entry : entries()) {
                if (entry.key().task().equals(name)
                        && entry.key().version().equals(version)
                        && e.code() == ErrorCode.UNKNOWN_VERSION) {
                    throw unavailable(entry.key(), "is " + entry.state() + ": " + entry.reason());
                }
            }
            throw e;
        }
    }

    private static InferenceException unavailable(ModuleKey key, String why) {
        return new InferenceException(
                ErrorCode.VERSION_UNAVAILABLE, "Version %s of model '%s' %s".formatted(key.version(), key.task(), why));
    }

    /// Lists every version the repository knows and still has.
    List<Entry> entries() {
        return statuses.get().stream()
                .filter(status -> status.key() != null)
                .map(ModelDirectory::entry)
                .toList();
    }

    private static Entry entry(ModuleStatus status) {
        ModuleKey key = status.key() == null ? new ModuleKey("", "") : status.key();
        String state = switch (status.state()) {
            case ModuleState.Ready _ -> "READY";
            case ModuleState.Discovered _, ModuleState.Loading _, ModuleState.Warming _ -> "LOADING";
            case ModuleState.Draining _ -> "UNLOADING";
            case ModuleState.Quarantined _, ModuleState.Unreachable _, ModuleState.Gone _, ModuleState.Failed _ ->
                "UNAVAILABLE";
        };
        String reason = switch (status.state()) {
            case ModuleState.Failed failed -> "failed in " + failed.stage() + ": " + failed.cause();
            case ModuleState.Quarantined quarantined -> quarantined.cause();
            case ModuleState.Unreachable unreachable -> unreachable.cause();
            case ModuleState.Gone _ -> "unloaded";
            case ModuleState.Ready _ -> "";
            default -> status.state().label();
        };
        return new Entry(key, state, reason, status.source(), status.routedBy());
    }
}

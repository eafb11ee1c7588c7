package dev.patchbay.runtime.remote;

import dev.patchbay.api.Lane;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.api.runtime.Folder;
import dev.patchbay.api.runtime.FolderModule;
import dev.patchbay.api.runtime.Keys;
import dev.patchbay.api.runtime.ModuleKind;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Makes modules whose model is served elsewhere: the section `remote` of `module.yaml`, and of `patchbay.yaml` the
/// servers that have a name.
public final class RemoteKind implements ModuleKind {

    static final String REQUEST = "request.schema.json";
    static final String RESPONSE = "response.schema.json";

    /// What a service takes and gives that nobody described.
    private static final Map<String, Object> ANYTHING = Map.of();

    private final Set<Use> uses = ConcurrentHashMap.newKeySet();
    private volatile Map<String, Target> targets = Map.of();

    /// That a module asks a server by name. Each instance of a version has its own: while one takes over from another,
    /// both ask.
    private static final class Use {
        private final String module;
        private final String target;

        private Use(String module, String target) {
            this.module = module;
            this.target = target;
        }
    }

    @Override
    public String name() {
        return "remote";
    }

    @Override
    public Runnable configure(Map<String, Object> section) {
        Keys keys = new Keys("", section);
        Map<String, Target> next = new LinkedHashMap<>();
        keys.sections("targets").forEach((name, target) -> next.put(name, Target.named(name, target)));
        keys.finish();
        uses.stream()
                .filter(use -> !next.containsKey(use.target))
                .min(Comparator.comparing(use -> use.module))
                .ifPresent(use -> {
                    throw new IllegalArgumentException(
                            "targets.%s: is missing, and %s asks it".formatted(use.target, use.module));
                });
        return () -> targets = Map.copyOf(next);
    }

    @Override
    public FolderModule read(Map<String, Object> section, Folder folder) {
        RemoteReader.Read read = RemoteReader.read(section, folder);
        Map<String, Object> request = schema(folder, REQUEST);
        Map<String, Object> response = schema(folder, RESPONSE);
        if (read.settings().protocol() instanceof RemoteSettings.Http(HttpMapping mapping)) {
            return new FolderModule(
                    request == null ? ANYTHING : request,
                    response == null ? ANYTHING : response,
                    null,
                    Lane.IO,
                    0,
                    false,
                    () -> new HttpRemote(read.settings(), mapping, folder, this));
        }
        return new FolderModule(
                request,
                response,
                null,
                Lane.IO,
                0,
                false,
                () -> new TensorRemote(read.settings(), folder, this, read.tensors()));
    }

    /// Finds the server of a module, and notes that it is asked, so that no config takes it away.
    ///
    /// @throws IllegalArgumentException if there is no server of its name
    Target use(RemoteSettings settings, ModuleContext context) {
        String name = settings.targetName();
        if (name == null) {
            return java.util.Objects.requireNonNull(settings.direct()).with(settings.headers());
        }
        Target target = targets.get(name);
        if (target == null) {
            throw new IllegalArgumentException(
                    "remote.target: there is no server '%s'; patchbay.yaml has under remote.targets: %s"
                            .formatted(
                                    name,
                                    targets.isEmpty() ? "none" : String.join(", ", new TreeMap<>(targets).keySet())));
        }
        if (target.isGrpc() && !(settings.protocol() instanceof RemoteSettings.Oip)) {
            throw new IllegalArgumentException(
                    "remote.target: '%s' is a server of gRPC, which is for protocol oip alone".formatted(name));
        }
        Use use = new Use(context.task() + "@" + context.version(), name);
        uses.add(use);
        context.own((AutoCloseable) () -> uses.remove(use));
        return target.with(settings.headers());
    }

    @SuppressWarnings("unchecked")
    static @Nullable Map<String, Object> schema(Folder folder, String file) {
        Object json = folder.json(file).orElse(null);
        if (json != null && !(json instanceof Map)) {
            throw new IllegalArgumentException(file + " is no JSON Schema: it must be an object");
        }
        return (Map<String, Object>) json;
    }

    @Override
    public void close() {}
}

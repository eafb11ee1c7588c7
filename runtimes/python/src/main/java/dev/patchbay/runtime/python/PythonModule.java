package dev.patchbay.runtime.python;

import dev.patchbay.api.Call;
import dev.patchbay.api.ModuleContext;
import dev.patchbay.api.runtime.Folder;
import dev.patchbay.api.runtime.SchemaModule;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A module whose class is Python, in processes of its own.
final class PythonModule implements SchemaModule {

    private final PythonSettings settings;
    private final Folder folder;
    private final PythonKind kind;
    private @Nullable Map<String, Object> request;
    private @Nullable Map<String, Object> response;
    private @Nullable WorkerPool pool;

    /// @param request the schema of the folder; null to make it of type hints
    /// @param response the schema of the folder; null to make it of type hints
    PythonModule(
            PythonSettings settings,
            @Nullable Map<String, Object> request,
            @Nullable Map<String, Object> response,
            Folder folder,
            PythonKind kind) {
        this.settings = settings;
        this.request = request;
        this.response = response;
        this.folder = folder;
        this.kind = kind;
    }

    @Override
    public void load(ModuleContext context) throws IOException, InterruptedException {
        Launch launch = new Launch(
                context.task() + "@" + context.version(),
                context.task(),
                context.version(),
                settings,
                kind.defaults(),
                folder.directory(),
                context.temporaryDirectory(),
                kind.spawner(),
                context.logger());
        WorkerPool started = context.own(
                new WorkerPool(launch, context.metrics(), message -> context.event("worker-lost", message)));
        try {
            Worker.Loaded loaded = started.start();
            request = request == null ? schema(loaded.request()) : request;
            response = response == null ? schema(loaded.response()) : response;
        } catch (WorkerLost e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        pool = started;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> schema(JsonNode schema) {
        return Frames.MAPPER.treeToValue(schema, Map.class);
    }

    @Override
    public Map<String, Object> requestSchema() {
        return Objects.requireNonNull(request);
    }

    @Override
    public Map<String, Object> responseSchema() {
        return Objects.requireNonNull(response);
    }

    @Override
    public Object predict(Object input, Call call) throws InterruptedException {
        return Objects.requireNonNull(pool).ask(input, call, folder);
    }
}

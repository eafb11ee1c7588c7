package dev.patchbay.runtime.python;

import dev.patchbay.api.Lane;
import dev.patchbay.api.runtime.Folder;
import dev.patchbay.api.runtime.FolderModule;
import dev.patchbay.api.runtime.ModuleKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes modules of Python classes: the section `python` of `module.yaml`, and of `patchbay.yaml` what holds for all of
/// them.
public final class PythonKind implements ModuleKind {

    private final Spawner spawner = new Spawner();
    private volatile PythonDefaults defaults = PythonDefaults.NONE;

    @Override
    public String name() {
        return "python";
    }

    @Override
    public Runnable configure(Map<String, Object> section) {
        PythonDefaults next = PythonDefaults.read(section);
        return () -> defaults = next;
    }

    @Override
    public FolderModule read(Map<String, Object> section, Folder folder) {
        PythonSettings settings = PythonSettings.read(section, folder);
        return new FolderModule(
                null,
                null,
                null,
                Lane.IO,
                settings.workers() * settings.concurrency(),
                true,
                () -> new PythonModule(
                        settings,
                        schema(folder, "request.schema.json"),
                        schema(folder, "response.schema.json"),
                        folder,
                        this));
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Map<String, Object> schema(Folder folder, String file) {
        Object json = folder.json(file).orElse(null);
        if (json != null && !(json instanceof Map)) {
            throw new IllegalArgumentException(file + " is no JSON Schema: it must be an object");
        }
        return (Map<String, Object>) json;
    }

    PythonDefaults defaults() {
        return defaults;
    }

    Spawner spawner() {
        return spawner;
    }

    @Override
    public void close() {
        spawner.close();
    }
}

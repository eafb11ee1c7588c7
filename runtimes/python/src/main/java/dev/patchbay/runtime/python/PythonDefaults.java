package dev.patchbay.runtime.python;

import dev.patchbay.api.runtime.Keys;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The section `python` of `patchbay.yaml`: what holds for all modules that do not say otherwise.
///
/// @param executable the interpreter
/// @param environment variables of every process
/// @param memory the most address space of a process, in bytes; null for no limit
record PythonDefaults(
        String executable,
        Map<String, String> environment,
        @Nullable Long memory) {

    static final PythonDefaults NONE = new PythonDefaults("python3", Map.of(), null);

    static PythonDefaults read(Map<String, Object> section) {
        Keys keys = new Keys("", section);
        String executable = keys.text("executable");
        PythonDefaults defaults = new PythonDefaults(
                executable == null ? NONE.executable() : executable,
                PythonSettings.environment(keys),
                PythonSettings.memory(keys));
        keys.finish();
        return defaults;
    }
}

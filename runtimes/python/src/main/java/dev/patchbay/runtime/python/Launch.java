package dev.patchbay.runtime.python;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a process is started with.
///
/// @param name names it in threads and logs, such as `priority@1.0.0`
/// @param folder the module's folder
/// @param temporary where it may write
record Launch(
        String name,
        String task,
        String version,
        PythonSettings settings,
        PythonDefaults defaults,
        Path folder,
        Path temporary,
        Spawner spawner,
        System.Logger logger) {

    String executable() {
        String own = settings.executable();
        return own == null ? defaults.executable() : own;
    }

    long memory() {
        Long own = settings.memory();
        Long most = own == null ? defaults.memory() : own;
        return most == null ? 0 : most;
    }

    /// Gives all variables of the process: it inherits none.
    Map<String, String> environment(Path library) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"));
        environment.put("HOME", temporary.toString());
        environment.put("TMPDIR", temporary.toString());
        environment.put("LANG", "C.UTF-8");
        environment.putAll(defaults.environment());
        environment.putAll(settings.environment());
        environment.put("PYTHONPATH", library.toString());
        environment.put("PYTHONUNBUFFERED", "1");
        environment.put("PYTHONPYCACHEPREFIX", temporary.resolve("pycache").toString());
        return environment;
    }

    /// Tells the worker what to load.
    Map<String, Object> order() {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("type", "load");
        order.put("task", task);
        order.put("version", version);
        order.put("folder", folder.toString());
        order.put("module", settings.module());
        order.put("class", settings.className());
        order.put("config", settings.config());
        order.put("concurrency", settings.concurrency());
        order.put("max_frame", settings.maxFrame());
        order.put("memory", memory());
        return order;
    }
}

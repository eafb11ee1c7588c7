package dev.patchbay.runtime.python;

import dev.patchbay.api.runtime.Folder;
import dev.patchbay.api.runtime.Keys;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The section `python` of a `module.yaml`.
///
/// @param module the Python module that has the class, such as `priority`
/// @param className the class
/// @param executable the interpreter; null for the gateway's
/// @param workers processes
/// @param concurrency calls that a process answers at a time, on threads of its own
/// @param environment variables of the process, beside the few that every process has
/// @param memory the most address space of a process, in bytes; null for the gateway's
/// @param start how long a process may take until its module is loaded
/// @param grace how long a process may go on after the deadline of a call before it is ended
/// @param maxFrame the longest request and the longest answer, in bytes
/// @param waits whether calls wait for a process that is being started again
/// @param config handed to the module's `load`
record PythonSettings(
        String module,
        String className,
        @Nullable String executable,
        int workers,
        int concurrency,
        Map<String, String> environment,
        @Nullable Long memory,
        Duration start,
        Duration grace,
        int maxFrame,
        boolean waits,
        Map<String, Object> config) {

    private static final Pattern CLASS = Pattern.compile("([A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*)\\.([A-Za-z_]\\w*)");
    private static final Pattern MEMORY = Pattern.compile("(\\d{1,9})\\s*(MiB|GiB)");
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final int MOST_WORKERS = 256;
    private static final int MAX_FRAME = 16 << 20;
    private static final int LARGEST_FRAME = 1 << 30;

    private enum WhenDown {
        WAIT,
        FAIL
    }

    /// Reads the section.
    ///
    /// @throws IllegalArgumentException if something is wrong, naming the key
    static PythonSettings read(Map<String, Object> section, Folder folder) {
        Keys keys = new Keys("python.", section);
        String named = keys.required("class", "the class to load, such as priority.TicketPriority for priority.py");
        Matcher name = CLASS.matcher(named);
        if (!name.matches()) {
            throw keys.wrong(
                    "class",
                    "must be a file's name without .py and a class, such as priority.TicketPriority, but is '%s'"
                            .formatted(named));
        }
        requireFile(keys, folder, name.group(1));
        PythonSettings settings = new PythonSettings(
                name.group(1),
                name.group(2),
                keys.text("executable"),
                (int) keys.integer("workers", 1, MOST_WORKERS, 1),
                (int) keys.integer("concurrency", 1, MOST_WORKERS, 1),
                environment(keys),
                memory(keys),
                keys.duration("start", START),
                keys.duration("grace", GRACE),
                (int) keys.integer("max_frame", 1024, LARGEST_FRAME, MAX_FRAME),
                keys.choice("when_down", WhenDown.class, WhenDown.WAIT) == WhenDown.WAIT,
                keys.object("config"));
        keys.finish();
        return settings;
    }

    private static void requireFile(Keys keys, Folder folder, String module) {
        String file = module.replace('.', '/') + ".py";
        boolean found = folder.text(file).isPresent()
                || folder.text(module.replace('.', '/') + "/__init__.py").isPresent();
        if (!found) {
            List<String> files = folder.list("").stream()
                    .filter(each -> each.endsWith(".py"))
                    .toList();
            throw keys.wrong(
                    "class",
                    "is in %s, but the folder has no such file; it has %s"
                            .formatted(file, files.isEmpty() ? "no .py at all" : String.join(", ", files)));
        }
    }

    static Map<String, String> environment(Keys keys) {
        Map<String, String> environment = new LinkedHashMap<>();
        keys.textMap("environment").forEach((name, value) -> {
            if (name.startsWith("PYTHON") || name.contains("=") || name.isBlank()) {
                throw keys.wrong("environment." + name, "is set by the gateway, or is no name of a variable");
            }
            environment.put(name, value);
        });
        return environment;
    }

    static @Nullable Long memory(Keys keys) {
        if (!keys.has("memory")) {
            return null;
        }
        String text = String.valueOf(keys.items("memory").getFirst());
        Matcher memory = MEMORY.matcher(text);
        if (!memory.matches()) {
            throw keys.wrong("memory", "must be an amount such as 512MiB or 2GiB, but is '" + text + "'");
        }
        return Long.parseLong(memory.group(1)) << (memory.group(2).equals("GiB") ? 30 : 20);
    }
}

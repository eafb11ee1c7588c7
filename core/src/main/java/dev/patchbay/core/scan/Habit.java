package dev.patchbay.core.scan;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a module may do that outlives it, or that is everybody's in the process. Seen in byte code, so that what is
/// called by reflection is not seen: advice, not a sandbox.
public enum Habit {
    /// `System.exit`, `Runtime.halt`.
    EXIT("ends the process", "throw an exception instead; nothing in the JVM can stop such a call"),
    /// Loading libraries, native methods, calls through `java.lang.foreign`.
    NATIVE(
            "runs native code",
            "a crash in it ends the gateway, and a library loads for one version at a time: use context.model(), or another process"),
    /// Starting other programs.
    PROCESSES("starts other programs", "end them in teardown"),
    /// Own platform threads, executors.
    THREADS("starts threads of its own", "end them in teardown, or take context.executor() or scheduler()"),
    /// `java.util.Timer`, `CompletableFuture.delayedExecutor`.
    TIMERS("has timers of its own", "cancel them in teardown, or take context.scheduler()"),
    /// `Runtime.addShutdownHook`.
    SHUTDOWN_HOOKS("adds shutdown hooks", "clean up in teardown: the gateway calls it before it stops"),
    /// `ThreadLocal` without a call of `remove` anywhere.
    THREAD_LOCALS("has ThreadLocals that it never removes", "remove them when a call ends, or use ScopedValue"),
    /// `ClassValue`.
    CLASS_VALUES("has ClassValues", "compute them for the module's own classes only"),
    /// `java.lang.ref.Cleaner`.
    CLEANERS("has Cleaners of its own", "close what they clean in teardown"),
    /// `DriverManager.registerDriver`, `META-INF/services/java.sql.Driver`.
    DRIVERS("registers JDBC drivers", "deregister them in teardown, or use a DataSource"),
    /// MBeans.
    MBEANS("registers MBeans", "unregister them in teardown"),
    /// `java.util.logging` handlers.
    LOG_HANDLERS("adds handlers to the JDK's logging", "remove them in teardown, or log with context.logger()"),
    /// `Security.addProvider`, `Security.setProperty`.
    SECURITY("changes the security of the process", "hand the Provider object to getInstance instead"),
    /// URL handlers, default locale, system properties, the streams of the process, …
    PROCESS_DEFAULTS(
            "changes defaults of the whole process",
            "pass the value where it is needed: all modules share the default"),
    /// `sun.misc.Unsafe`.
    UNSAFE("uses sun.misc.Unsafe", "a mistake in it ends the gateway; use VarHandle or java.lang.foreign");

    private final String words;
    private final String advice;

    Habit(String words, String advice) {
        this.words = words;
        this.advice = advice;
    }

    /// The name in config and reports, such as `shutdown-hooks`.
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Says what a module with this habit does.
    public String words() {
        return words;
    }

    /// Says what its author does instead.
    public String advice() {
        return advice;
    }

    /// Finds a habit by its name.
    public static Optional<Habit> of(String id) {
        return Arrays.stream(values()).filter(habit -> habit.id().equals(id)).findFirst();
    }

    /// Lists the names of all habits.
    public static List<String> ids() {
        return Arrays.stream(values()).map(Habit::id).toList();
    }
}

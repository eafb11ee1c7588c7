package dev.patchbay.core.scan;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Which calls and superclasses show which habit.
final class Calls {

    private static final String NEW = "<init>";

    private final Map<String, Habit> methods = new HashMap<>();
    private final Map<String, Habit> superclasses = new HashMap<>();

    Calls() {
        of(Habit.EXIT, "java/lang/System", "exit");
        of(Habit.EXIT, "java/lang/Runtime", "exit", "halt");
        of(Habit.NATIVE, "java/lang/System", "load", "loadLibrary");
        of(Habit.NATIVE, "java/lang/Runtime", "load", "loadLibrary");
        of(Habit.NATIVE, "java/lang/foreign/Linker", "nativeLinker");
        of(Habit.NATIVE, "java/lang/foreign/SymbolLookup", "libraryLookup", "loaderLookup");
        of(Habit.PROCESSES, "java/lang/ProcessBuilder", "start");
        of(Habit.PROCESSES, "java/lang/Runtime", "exec");
        of(Habit.THREADS, "java/lang/Thread", NEW, "ofPlatform", "ofVirtual", "startVirtualThread");
        of(
                Habit.THREADS,
                "java/util/concurrent/Executors",
                "newFixedThreadPool",
                "newCachedThreadPool",
                "newSingleThreadExecutor",
                "newScheduledThreadPool",
                "newSingleThreadScheduledExecutor",
                "newWorkStealingPool",
                "newThreadPerTaskExecutor",
                "newVirtualThreadPerTaskExecutor");
        of(Habit.THREADS, "java/util/concurrent/ThreadPoolExecutor", NEW);
        of(Habit.THREADS, "java/util/concurrent/ScheduledThreadPoolExecutor", NEW);
        of(Habit.THREADS, "java/util/concurrent/ForkJoinPool", NEW);
        superclasses.put("java/lang/Thread", Habit.THREADS);
        of(Habit.TIMERS, "java/util/Timer", NEW);
        of(Habit.TIMERS, "java/util/concurrent/CompletableFuture", "delayedExecutor");
        of(Habit.SHUTDOWN_HOOKS, "java/lang/Runtime", "addShutdownHook");
        of(Habit.THREAD_LOCALS, "java/lang/ThreadLocal", NEW, "withInitial");
        of(Habit.THREAD_LOCALS, "java/lang/InheritableThreadLocal", NEW);
        superclasses.put("java/lang/ClassValue", Habit.CLASS_VALUES);
        of(Habit.CLEANERS, "java/lang/ref/Cleaner", "create");
        of(Habit.DRIVERS, "java/sql/DriverManager", "registerDriver");
        of(Habit.MBEANS, "javax/management/MBeanServer", "registerMBean");
        of(Habit.LOG_HANDLERS, "java/util/logging/Logger", "addHandler");
        of(Habit.SECURITY, "java/security/Security", "addProvider", "insertProviderAt", "setProperty");
        of(Habit.PROCESS_DEFAULTS, "java/lang/System", "setProperty", "setProperties", "setOut", "setErr", "setIn");
        of(Habit.PROCESS_DEFAULTS, "java/lang/Thread", "setDefaultUncaughtExceptionHandler");
        of(Habit.PROCESS_DEFAULTS, "java/util/Locale", "setDefault");
        of(Habit.PROCESS_DEFAULTS, "java/util/TimeZone", "setDefault");
        of(Habit.PROCESS_DEFAULTS, "java/net/URL", "setURLStreamHandlerFactory");
        of(Habit.PROCESS_DEFAULTS, "java/net/URLConnection", "setContentHandlerFactory", "setFileNameMap");
        of(Habit.PROCESS_DEFAULTS, "java/net/Authenticator", "setDefault");
        of(Habit.PROCESS_DEFAULTS, "java/net/ProxySelector", "setDefault");
        of(Habit.PROCESS_DEFAULTS, "java/net/CookieHandler", "setDefault");
        of(
                Habit.PROCESS_DEFAULTS,
                "javax/net/ssl/HttpsURLConnection",
                "setDefaultHostnameVerifier",
                "setDefaultSSLSocketFactory");
        of(Habit.PROCESS_DEFAULTS, "javax/net/ssl/SSLContext", "setDefault");
        of(
                Habit.UNSAFE,
                "sun/misc/Unsafe",
                "getUnsafe",
                "putLong",
                "putInt",
                "putAddress",
                "allocateMemory",
                "setMemory");
    }

    private void of(Habit habit, String owner, String... names) {
        for (String name : names) {
            methods.put(owner + "." + name, habit);
        }
    }

    /// Tells what a call shows; empty for most calls.
    Set<Habit> of(String owner, String name) {
        Habit habit = methods.get(owner + "." + name);
        return habit == null ? Set.of() : EnumSet.of(habit);
    }

    /// Tells what a superclass shows.
    Set<Habit> ofSuperclass(String name) {
        Habit habit = superclasses.get(name);
        return habit == null ? Set.of() : EnumSet.of(habit);
    }
}

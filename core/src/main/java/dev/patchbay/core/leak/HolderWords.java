package dev.patchbay.core.leak;

import dev.patchbay.core.leak.HolderSearch.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netbeans.lib.profiler.heap.FieldValue;
import org.netbeans.lib.profiler.heap.GCRoot;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.JavaFrameGCRoot;
import org.netbeans.lib.profiler.heap.ObjectFieldValue;
import org.netbeans.lib.profiler.heap.ThreadObjectGCRoot;

/// Says in an author's words what a path through the heap means.
final class HolderWords {

    private final HeapSnapshot snapshot;
    private final Instance loader;
    private final Set<String> own = new HashSet<>();
    private final boolean soft;

    HolderWords(HeapSnapshot snapshot, Instance loader, boolean soft) {
        this.snapshot = snapshot;
        this.loader = loader;
        this.soft = soft;
        snapshot.definedBy(loader).forEach(type -> own.add(type.getName()));
    }

    /// Describes a path from a root to the loader.
    Holder describe(List<Step> path) {
        Instance root = path.getFirst().object();
        GCRoot kind = HolderSearch.root(snapshot, root);
        if (snapshot.mirrored(root) != null) {
            return staticField(path);
        }
        if (HeapSnapshot.isA(root, "java.lang.Thread")) {
            return thread(path, root, kind instanceof ThreadObjectGCRoot thread ? thread : null);
        }
        if (kind instanceof JavaFrameGCRoot frame && frame.getThreadGCRoot() != null) {
            return thread(path, frame.getThreadGCRoot().getInstance(), frame.getThreadGCRoot());
        }
        if (root.getJavaClass().getName().equals("java.lang.ClassValue$ClassValueMap")) {
            return holder(
                    path,
                    "class-value",
                    "a value of the ClassValue %s, computed for a class of the JDK or the gateway"
                            .formatted(classValue()),
                    "call ClassValue.remove for such classes in teardown, or use a ClassValue for the module's own classes only");
        }
        return holder(
                path,
                "native",
                "native code (%s to %s)"
                        .formatted(
                                kind == null ? "a root" : "a " + kind.getKind() + " root",
                                target(path).orElse("the class loader")),
                "let native code give back its references in teardown: close arenas, upcall stubs and native libraries");
    }

    private Holder holder(List<Step> path, String kind, String words, String remedy) {
        List<String> lines = new ArrayList<>();
        for (Step step : path) {
            lines.add(HolderSearch.words(snapshot, step));
        }
        return new Holder(kind, words, remedy, soft, List.copyOf(lines));
    }

    // --- threads ---

    private Holder thread(List<Step> path, Instance thread, @Nullable ThreadObjectGCRoot stack) {
        String name = name(thread);
        String field = field(path);
        if (first(path, "jdk.internal.ref.PhantomCleanable").isPresent()) {
            return holder(
                    path,
                    "cleaner",
                    "the action %s of a Cleaner whose object is still alive"
                            .formatted(target(path).orElse("of the module")),
                    "clean the Cleanable in teardown, and let the module's static fields not hold the object");
        }
        if (HeapSnapshot.isA(thread, "java.util.TimerThread")) {
            return holder(
                    path,
                    "timer",
                    "java.util.Timer with thread `%s`, which was not cancelled".formatted(name),
                    "cancel it in teardown, or take context.scheduler(), which the host ends");
        }
        if (field.equals("java.lang.Thread.threadLocals") || field.equals("java.lang.Thread.inheritableThreadLocals")) {
            return threadLocal(path, name);
        }
        Optional<Instance> task = task(thread);
        String place = place(stack);
        Optional<Instance> worker =
                task.filter(it -> HeapSnapshot.isA(it, "java.util.concurrent.ThreadPoolExecutor$Worker"));
        if (worker.isPresent() && !(isShutDown(worker.get()) && !place.isEmpty())) {
            return holder(
                    path,
                    "executor",
                    "an executor that was not shut down, with thread `%s`%s".formatted(name, place),
                    "shut it down in teardown, or take context.executor() or scheduler(), which the host ends");
        }
        if (isOwn(thread) || task.filter(this::isOwn).isPresent()) {
            return holder(
                    path,
                    "thread",
                    "thread `%s`, which the module started and which still runs%s".formatted(name, place),
                    "end it in teardown, or take context.executor(), which the host ends");
        }
        if (!place.isEmpty()) {
            return holder(
                    path,
                    "task",
                    "thread `%s`, where a task of the module still runs%s".formatted(name, place),
                    "let the task end when its thread is interrupted: that is all that an executor can do to end it");
        }
        if (field.endsWith(".contextClassLoader")) {
            return holder(
                    path,
                    "context-class-loader",
                    "thread `%s`, whose context class loader is the module's".formatted(name),
                    "the thread was started from the module, often by the first use of a shared pool: end it in teardown");
        }
        return holder(
                path,
                "thread",
                "thread `%s`, by %s".formatted(name, target(path).orElse("the class loader")),
                "cancel in teardown what the module left with this thread");
    }

    /// Finds what a thread runs, platform or virtual.
    private static Optional<Instance> task(Instance thread) {
        return HeapSnapshot.object(thread, "holder")
                .flatMap(holder -> HeapSnapshot.object(holder, "task"))
                .or(() -> HeapSnapshot.object(thread, "cont")
                        .flatMap(continuation -> HeapSnapshot.object(continuation, "target"))
                        .flatMap(target -> HeapSnapshot.object(target, "val$task")));
    }

    /// Tells whether the executor of a worker was shut down; the sign of its `ctl` says so.
    private static boolean isShutDown(Instance worker) {
        return HeapSnapshot.object(worker, "this$0")
                .flatMap(pool -> HeapSnapshot.object(pool, "ctl"))
                .filter(ctl -> ctl.getValueOfField("value") instanceof Integer state && state >= 0)
                .isPresent();
    }

    private Holder threadLocal(List<Step> path, String thread) {
        String which = "of an unknown name";
        for (Step step : path) {
            if (step.object().getJavaClass().getName().endsWith("ThreadLocalMap$Entry")) {
                which = HeapSnapshot.object(step.object(), "referent")
                        .map(this::threadLocalName)
                        .orElse("that is gone itself");
            }
        }
        return holder(
                path,
                "thread-local",
                "thread `%s`'s ThreadLocal %s (its value leads to %s)"
                        .formatted(thread, which, target(path).orElse("the class loader")),
                "call its remove() when the call ends, or use a ScopedValue");
    }

    private String threadLocalName(Instance threadLocal) {
        String fallback = "`" + threadLocal.getJavaClass().getName() + "`";
        for (Object reference : threadLocal.getReferences()) {
            if (reference instanceof FieldValue field && field.getField().isStatic()) {
                return "`%s.%s`"
                        .formatted(
                                field.getField().getDeclaringClass().getName(),
                                field.getField().getName());
            }
            if (reference instanceof FieldValue field
                    && !field.getField().getName().equals("referent")) {
                fallback = "`%s.%s`"
                        .formatted(
                                field.getField().getDeclaringClass().getName(),
                                field.getField().getName());
            }
        }
        return fallback;
    }

    private static String name(Instance thread) {
        String name = HeapSnapshot.text(thread, "name").orElse("");
        String id = String.valueOf(thread.getValueOfField("tid"));
        return name.isEmpty() ? (HeapSnapshot.isA(thread, "java.lang.VirtualThread") ? "virtual #" : "#") + id : name;
    }

    /// Names where a thread is, in the module if it is there.
    private String place(@Nullable ThreadObjectGCRoot thread) {
        StackTraceElement[] frames = thread == null ? null : thread.getStackTrace();
        if (frames == null) {
            return "";
        }
        for (StackTraceElement frame : frames) {
            if (own.contains(frame.getClassName()) && frame.getLineNumber() > 0) {
                return " at %s.%s:%d".formatted(frame.getClassName(), frame.getMethodName(), frame.getLineNumber());
            }
        }
        return "";
    }

    // --- static fields ---

    private Holder staticField(List<Step> path) {
        String field = field(path);
        String target = target(path).orElse("the class loader");
        return switch (field) {
            case "java.lang.ApplicationShutdownHooks.hooks" ->
                holder(
                        path,
                        "shutdown-hook",
                        "shutdown hook `%s`"
                                .formatted(first(path, "java.lang.Thread")
                                        .map(HolderWords::name)
                                        .orElse(target)),
                        "remove it in teardown (Runtime.removeShutdownHook); the gateway tears modules down before it stops");
            case "java.sql.DriverManager.registeredDrivers" ->
                holder(
                        path,
                        "jdbc-driver",
                        "JDBC driver %s in java.sql.DriverManager".formatted(target),
                        "deregister it in teardown (DriverManager.deregisterDriver), or use a DataSource");
            case "java.lang.Thread.defaultUncaughtExceptionHandler" ->
                holder(
                        path,
                        "exception-handler",
                        "the process's default handler of uncaught exceptions, %s".formatted(target),
                        "a module sets no handler for the process; set one for its own threads");
            case "java.lang.System.out", "java.lang.System.err", "java.lang.System.in" ->
                holder(
                        path,
                        "system-stream",
                        "%s, which is now %s".formatted(field, target),
                        "a module does not replace the process's streams; log with context.logger()");
            case "sun.security.jca.Providers.providerList" ->
                holder(
                        path,
                        "security-provider",
                        "security provider %s".formatted(target),
                        "remove it in teardown (Security.removeProvider), or hand the Provider object to getInstance");
            default -> special(path).orElseGet(() -> plainStatic(path, field, target));
        };
    }

    private Holder plainStatic(List<Step> path, String field, String target) {
        return holder(
                path,
                "static-field",
                "static field %s%s, by %s".formatted(field, through(path), target),
                "take out in teardown what the module put there");
    }

    /// What hangs at static fields of many names, and is known by the objects on the way.
    private Optional<Holder> special(List<Step> path) {
        Optional<Instance> bean = first(path, "com.sun.jmx.mbeanserver.NamedObject");
        if (bean.isPresent()) {
            String name = HeapSnapshot.object(bean.get(), "name")
                    .flatMap(objectName -> HeapSnapshot.text(objectName, "_canonicalName"))
                    .orElse("?");
            return Optional.of(holder(
                    path,
                    "mbean",
                    "MBean `%s` in the platform MBean server".formatted(name),
                    "unregister it in teardown (MBeanServer.unregisterMBean)"));
        }
        Optional<Instance> logger = first(path.reversed(), "java.util.logging.Logger");
        if (logger.isPresent()
                && first(path, "java.util.logging.Logger$ConfigurationData").isPresent()) {
            String name = HeapSnapshot.text(logger.get(), "name").orElse("");
            return Optional.of(holder(
                    path,
                    "log-handler",
                    "%s at the java.util.logging logger `%s`"
                            .formatted(target(path).orElse("a handler"), name.isEmpty() ? "root" : name),
                    "remove the handler in teardown, or log with context.logger()"));
        }
        return Optional.empty();
    }

    // --- paths ---

    /// Names what of the gateway or of a library is between the root and the module.
    private String through(List<Step> path) {
        for (int i = firstOwn(path) - 1; i > 0; i--) {
            Step step = path.get(i);
            if (step.by() != null && !isCollection(step.object().getJavaClass().getName())) {
                return " through " + HolderSearch.words(snapshot, step);
            }
        }
        return "";
    }

    /// Tells whether a class only keeps things together, which says nothing about who keeps them.
    private static boolean isCollection(String className) {
        return className.endsWith("[]")
                || className.matches("java\\.(lang|util|util\\.concurrent|util\\.concurrent\\.atomic)\\.[A-Z].*");
    }

    private String field(List<Step> path) {
        Step first = path.getFirst();
        return first.by() instanceof FieldValue field
                ? field.getField().getDeclaringClass().getName() + "."
                        + field.getField().getName()
                : HolderSearch.words(snapshot, first);
    }

    private static Optional<Instance> first(List<Step> path, String className) {
        return path.stream()
                .map(Step::object)
                .filter(object -> HeapSnapshot.isA(object, className))
                .findFirst();
    }

    /// Names the module's first object on the path.
    private Optional<String> target(List<Step> path) {
        int index = firstOwn(path);
        if (index >= path.size() - 1) {
            return Optional.empty();
        }
        Instance object = path.get(index).object();
        JavaClass mirrored = snapshot.mirrored(object);
        return Optional.of(
                mirrored == null
                        ? "a " + HeapSnapshot.name(object.getJavaClass())
                        : "class " + HeapSnapshot.name(mirrored));
    }

    private int firstOwn(List<Step> path) {
        for (int i = 0; i < path.size(); i++) {
            if (isOwn(path.get(i).object())) {
                return i;
            }
        }
        return path.size() - 1;
    }

    private boolean isOwn(Instance object) {
        JavaClass mirrored = snapshot.mirrored(object);
        JavaClass type = mirrored == null ? object.getJavaClass() : mirrored;
        Instance definer = type == null ? null : type.getClassLoader();
        return definer != null && definer.getInstanceId() == loader.getInstanceId();
    }

    /// Names the ClassValue by the module's static field that has it; a dump does not tell whose a value is.
    private String classValue() {
        for (JavaClass type : snapshot.definedBy(loader)) {
            for (Object value : type.getStaticFieldValues()) {
                if (value instanceof ObjectFieldValue field
                        && field.getInstance() != null
                        && HeapSnapshot.isA(field.getInstance(), "java.lang.ClassValue")) {
                    return "`" + type.getName() + "." + field.getField().getName() + "`";
                }
            }
        }
        return "of a library it brought";
    }
}

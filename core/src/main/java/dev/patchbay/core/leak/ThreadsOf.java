package dev.patchbay.core.leak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds the platform threads that belong to a module, by their class or their context class loader. Virtual
/// threads are not listed by the JDK.
final class ThreadsOf {

    private ThreadsOf() {}

    static List<String> loader(ClassLoader loader) {
        List<String> found = new ArrayList<>();
        for (Thread thread : all()) {
            if (thread.getClass().getClassLoader() == loader) {
                found.add("thread `%s` of class %s"
                        .formatted(thread.getName(), thread.getClass().getName()));
            } else if (thread.getContextClassLoader() == loader) {
                found.add("thread `%s`, whose context class loader is the module's".formatted(thread.getName()));
            }
        }
        return found;
    }

    /// Unlike `Thread.getAllStackTraces`, this does not stop the process.
    private static List<Thread> all() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() * 2 + 16];
        return Arrays.asList(threads).subList(0, root.enumerate(threads));
    }
}

package dev.patchbay.core.leak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// Finds the platform threads that belong to a module, by their class or their context class loader. Virtual
/// threads are not listed by the JDK.
final class ThreadsOf {

    private ThreadsOf() {}

    /// @param isIt tells the module's class loader from others
    static List<String> loader(Predicate<ClassLoader> isIt) {
        List<String> found = new ArrayList<>();
        for (Thread thread : all()) {
            ClassLoader own = thread.getClass().getClassLoader();
            ClassLoader context = thread.getContextClassLoader();
            if (own != null && isIt.test(own)) {
                found.add("thread `%s` of class %s"
                        .formatted(thread.getName(), thread.getClass().getName()));
            } else if (context != null && isIt.test(context)) {
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

package dev.patchbay.core.deploy;

import java.util.Optional;
import java.util.regex.Pattern;

/// Finds out which module ends the process. Nothing inside a JVM can stop it, but it can be told.
public final class ProcessExit {

    /// As class loaders of modules are named, such as `behavior_score@3.0.0#1`.
    private static final Pattern MODULE = Pattern.compile("[a-z][a-z0-9_]*@[^#]+#\\d+");

    private ProcessExit() {}

    /// Looks for a platform thread that ends the process from inside a module. To be asked by a shutdown hook, while
    /// that thread waits for the hooks.
    ///
    /// @return who does it and where, in words; empty if no module does, or one on a virtual thread
    public static Optional<String> culprit() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(stack -> culprit(stack).stream())
                .findFirst();
    }

    private static Optional<String> culprit(StackTraceElement[] stack) {
        boolean exits = false;
        for (StackTraceElement frame : stack) {
            exits |= frame.getClassName().equals("java.lang.Runtime")
                    && frame.getMethodName().equals("exit");
            String loader = frame.getClassLoaderName();
            if (exits && loader != null && MODULE.matcher(loader).matches()) {
                return Optional.of("%s calls System.exit at %s.%s:%d"
                        .formatted(
                                loader.substring(0, loader.lastIndexOf('#')),
                                frame.getClassName(),
                                frame.getMethodName(),
                                frame.getLineNumber()));
            }
        }
        return Optional.empty();
    }
}

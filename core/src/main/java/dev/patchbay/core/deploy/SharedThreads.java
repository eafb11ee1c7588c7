package dev.patchbay.core.deploy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Threads of the JDK that start when they are first needed and then stay, with the context class loader of
/// whoever needed them first. If that were a module, it could never be unloaded.
final class SharedThreads {

    private SharedThreads() {}

    /// Starts them with the gateway's class loader.
    static void start() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(SharedThreads.class.getClassLoader());
        try {
            // time limits of CompletableFuture
            CompletableFuture.delayedExecutor(1, TimeUnit.NANOSECONDS).execute(() -> {});
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}

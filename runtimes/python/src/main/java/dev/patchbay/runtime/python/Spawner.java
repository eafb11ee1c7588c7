package dev.patchbay.runtime.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/// Starts processes, all from one thread that lives as long as the gateway. Linux ends a process that asked for it
/// (`PR_SET_PDEATHSIG`) when the *thread* that started it is gone: a thread that ends early would take its workers
/// along.
final class Spawner implements AutoCloseable {

    private static final List<String> FILES =
            List.of("__init__.py", "__main__.py", "frames.py", "module.py", "schema.py", "worker.py");

    private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform()
            .daemon()
            .inheritInheritableThreadLocals(false)
            .name("patchbay-python-spawner")
            .factory());
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "patchbay-python-deadlines");
        made.setDaemon(true);
        made.setContextClassLoader(Spawner.class.getClassLoader());
        return made;
    });
    private volatile @Nullable Path library;

    Spawner() {
        clock.setRemoveOnCancelPolicy(true);
    }

    /// Starts a process.
    ///
    /// @throws IOException if it cannot be started
    Process start(ProcessBuilder builder) throws IOException, InterruptedException {
        return inThread(() -> {
            // the thread is made under a module's loader, and outlives it
            Thread.currentThread().setContextClassLoader(Spawner.class.getClassLoader());
            return builder.start();
        });
    }

    /// Gives the directory with the Python side, for `PYTHONPATH`.
    Path library() throws IOException, InterruptedException {
        return inThread(() -> {
            Path known = library;
            if (known == null || !Files.isDirectory(known)) {
                known = unpacked();
                library = known;
            }
            return known;
        });
    }

    private static Path unpacked() throws IOException {
        Path root = Files.createTempDirectory("patchbay-python-");
        Path made = Files.createDirectories(root.resolve("patchbay"));
        for (String file : FILES) {
            try (InputStream in = Objects.requireNonNull(
                    Spawner.class.getResourceAsStream("worker/patchbay/" + file), file + " is not packed")) {
                Files.copy(in, made.resolve(file));
            }
        }
        return root;
    }

    private <T> T inThread(Callable<T> step) throws IOException, InterruptedException {
        try {
            return thread.submit(step).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IOException(e.getCause());
            }
        }
    }

    /// Gives what tells when a worker goes on too long.
    ScheduledExecutorService clock() {
        return clock;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        thread.shutdownNow();
        Path made = library;
        if (made != null) {
            try (var files = Files.walk(made)) {
                files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> {
                    try {
                        Files.delete(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (IOException | UncheckedIOException e) {
                made.toFile().deleteOnExit();
            }
        }
    }
}

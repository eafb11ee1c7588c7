package dev.patchbay.core.deploy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs a step of a module's life on a thread of its own, so that a module that hangs costs that thread and
/// nothing else.
final class Supervised {

    private Supervised() {}

    /// How long a step may take.
    ///
    /// @param otherwise what to do if it needs longer, as a sentence without its full stop
    record Patience(Duration atMost, String otherwise) {

        static Patience forStarting(String task, Duration atMost) {
            return new Patience(atMost, "Raise inference." + task + ".limits.load if it needs longer");
        }
    }

    /// Runs a step with the module's class loader set, at most so long.
    ///
    /// @param patience how long, and what an operator does if that is too short
    /// @throws DeploymentFailed if it throws or does not return in time
    static <T> T run(String stage, String name, ClassLoader loader, Patience patience, Callable<T> step) {
        Duration atMost = patience.atMost();
        FutureTask<T> task = new FutureTask<>(step);
        Thread thread = Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name(name + "-" + stage)
                .unstarted(task);
        thread.setContextClassLoader(loader);
        thread.start();
        try {
            return task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof DeploymentFailed failed) {
                throw failed;
            }
            throw new DeploymentFailed(stage, Causes.explain(cause), cause);
        } catch (TimeoutException e) {
            String where = where(thread);
            thread.interrupt();
            throw new DeploymentFailed(
                    stage,
                    "%s did not return within %s; it is at %s. %s"
                            .formatted(stage, readable(atMost), where, patience.otherwise()),
                    e);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new DeploymentFailed(stage, "the gateway stopped during " + stage, e);
        }
    }

    private static String where(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            String name = frame.getClassName();
            if (!name.startsWith("java.") && !name.startsWith("jdk.") && !name.startsWith("dev.patchbay.core.")) {
                return name + "." + frame.getMethodName() + ":" + frame.getLineNumber();
            }
        }
        return "an unknown place";
    }

    static String readable(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}

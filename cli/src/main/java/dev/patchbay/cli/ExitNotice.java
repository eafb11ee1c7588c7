package dev.patchbay.cli;

import dev.patchbay.core.deploy.ProcessExit;

/// Tells who ends the process, should a module do it. The process cannot be saved, but nobody has to guess.
final class ExitNotice implements AutoCloseable {

    private final Thread hook;

    private ExitNotice(Runnable told) {
        hook = new Thread(told, "patchbay-exit-notice");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Tells it, and leaves the process its exit code.
    ///
    /// @param consequence how the sentence goes on
    static ExitNotice telling(String consequence) {
        return new ExitNotice(() -> tell(consequence));
    }

    /// Tells it and makes the exit code one of failure: a script must not take it for success.
    static ExitNotice failing(String consequence) {
        return new ExitNotice(() -> {
            if (tell(consequence)) {
                Runtime.getRuntime().halt(ExitCode.CHECK_NOT_PASSED);
            }
        });
    }

    private static boolean tell(String consequence) {
        return ProcessExit.culprit()
                .map(culprit -> {
                    System.err.println("error: " + culprit + consequence);
                    return true;
                })
                .orElse(false);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process ends, and the hook runs
        }
    }
}

package dev.patchbay.runtime.remote;

import dev.patchbay.api.InferenceException;
import dev.patchbay.api.ModuleContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Asks a server from time to time whether its model is still ready, with a thread of its own that waits, and tells the
/// gateway what it hears. One answer that fails to come says nothing; a server that is silent, or says no, some
/// times in a row is gone. It is asked more often while that is open.
final class Watch {

    /// Bad answers in a row after which the model counts as gone.
    static final int BAD_ANSWERS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration WHILE_OPEN = Duration.ofSeconds(2);
    private static final Duration ENDS = Duration.ofSeconds(2);

    private final ModuleContext context;
    private final Target target;
    private final RemoteSettings settings;
    private final Readiness.Probe probe;

    private Watch(ModuleContext context, Target target, RemoteSettings settings, Readiness.Probe probe) {
        this.context = context;
        this.target = target;
        this.settings = settings;
        this.probe = probe;
    }

    /// Begins, and ends with the module.
    static void begin(ModuleContext context, Target target, RemoteSettings settings, Readiness.Probe probe) {
        Watch watch = new Watch(context, target, settings, probe);
        Thread thread = Thread.ofVirtual()
                .inheritInheritableThreadLocals(false)
                .name("patchbay-remote-watch")
                .unstarted(watch::run);
        // the module that is loaded now has another, which a thread of the gateway must not hold
        thread.setContextClassLoader(Watch.class.getClassLoader());
        thread.start();
        context.own((AutoCloseable) () -> {
            thread.interrupt();
            thread.join(ENDS);
        });
    }

    private void run() {
        int bad = 0;
        try {
            while (true) {
                Duration every = settings.readyEvery();
                Thread.sleep(bad > 0 && every.compareTo(WHILE_OPEN) > 0 ? WHILE_OPEN : every);
                String missing = missing();
                bad = missing == null ? 0 : bad + 1;
                if (missing == null) {
                    context.reachable();
                } else if (bad >= BAD_ANSWERS) {
                    context.unreachable(missing);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return why the model cannot be asked; null if it can
    private @Nullable String missing() throws InterruptedException {
        try {
            return probe.isReady(Patience.of(PATIENCE, null))
                    ? null
                    : "%s says that %s is not ready".formatted(target.label(), settings.what());
        } catch (InferenceException e) {
            return e.getMessage();
        }
    }
}

package dev.patchbay.runtime.python;

/// A process that does not come up, or that is gone. The message says why, for operators.
final class WorkerLost extends Exception {

    private static final long serialVersionUID = 1L;

    WorkerLost(String message) {
        super(message, null, false, false);
    }

    /// @param missing what it did not do, as the end of a sentence about it
    static WorkerLost late(Launch launch, String missing, WorkerLog log) throws InterruptedException {
        return new WorkerLost("The Python process %s within %d ms (python.start)%s"
                .formatted(missing, launch.settings().start().toMillis(), log.lastWords()));
    }
}

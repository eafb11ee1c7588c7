package dev.patchbay.runtime.python;

/// A process that does not come up, or that is gone. The message says why, for operators.
final class WorkerLost extends Exception {

    private static final long serialVersionUID = 1L;

    WorkerLost(String message) {
        super(message, null, false, false);
    }
}

package dev.patchbay.runtime.python;

/// An exception of the module's own code, with its traceback; for the log, never for callers.
final class PythonFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PythonFailed(String message, String traceback) {
        super(traceback.isBlank() ? message : message + System.lineSeparator() + traceback, null, false, false);
    }
}

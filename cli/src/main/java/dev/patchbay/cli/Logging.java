package dev.patchbay.cli;

/// What the log of this process says.
final class Logging {

    private static final String LEVEL = "PATCHBAY_LOG_LEVEL";

    private Logging() {}

    /// Leaves talking to the command, unless somebody wants to see the log. To be called before the first logger is
    /// made.
    static void quiet() {
        if (System.getenv(LEVEL) == null) {
            System.setProperty(LEVEL, "OFF");
        }
    }
}

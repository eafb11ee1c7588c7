package dev.patchbay.testkit;

/// Why an artifact did not become a ready module, in the gateway's words.
public final class ModuleNotReady extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String stage;

    ModuleNotReady(String stage, String cause) {
        super("it failed in " + stage + ": " + cause);
        this.stage = stage;
    }

    /// Gives what was being done: `read`, `load` or `warmup`.
    public String stage() {
        return stage;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}

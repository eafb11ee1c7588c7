package dev.patchbay.api;

import java.util.Objects;

/// A setting that is never shown. In the config file it is a reference, `env:NAME` or `file:/path`; the host
/// resolves it at load. `toString` does not reveal it.
public final class Secret {

    private final String value;

    /// Wraps a resolved value; used by the host and by tests.
    public Secret(String value) {
        this.value = Objects.requireNonNull(value, "value is null");
    }

    /// Gives the value.
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}

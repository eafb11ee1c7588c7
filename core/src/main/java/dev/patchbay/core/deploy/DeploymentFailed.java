package dev.patchbay.core.deploy;

import org.jspecify.annotations.Nullable;

/// Why an artifact did not become a ready version, in words for an operator.
final class DeploymentFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String stage;

    DeploymentFailed(String stage, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.stage = stage;
    }

    DeploymentFailed(String stage, String message) {
        this(stage, message, null);
    }

    String stage() {
        return stage;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}

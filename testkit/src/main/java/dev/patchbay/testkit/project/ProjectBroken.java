package dev.patchbay.testkit.project;

/// Why a folder cannot be made into an artifact, in words for its author.
public final class ProjectBroken extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ProjectBroken(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}

package dev.patchbay.core.golden;

/// Why a golden file cannot be understood: the file, the place in it, what is wrong and what would be right.
public final class GoldenInvalid extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GoldenInvalid(String message) {
        super(message);
    }

    /// Complains about a file as a whole.
    public static GoldenInvalid of(String file, String what) {
        return new GoldenInvalid(file + ": " + what);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}

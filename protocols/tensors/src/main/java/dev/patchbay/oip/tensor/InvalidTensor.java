package dev.patchbay.oip.tensor;

/// A tensor that does not hold together, or that its form cannot say. The message begins with a verb and follows the
/// tensor's name in a sentence.
public final class InvalidTensor extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String tensor;

    InvalidTensor(String tensor, String what) {
        super(what);
        this.tensor = tensor;
    }

    /// Names the tensor.
    public String tensor() {
        return tensor;
    }

    /// Gives what follows the tensor's name.
    public String what() {
        return String.valueOf(getMessage());
    }
}

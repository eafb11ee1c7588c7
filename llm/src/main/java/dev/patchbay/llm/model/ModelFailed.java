package dev.patchbay.llm.model;

import dev.patchbay.llm.chat.ProviderFailure;
import java.util.List;

/// No target gave a whole answer.
public final class ModelFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<ProviderFailure> failures;
    private final boolean seen;

    ModelFailed(List<ProviderFailure> failures, boolean seen) {
        super(failures.getLast().getMessage(), failures.getLast());
        this.failures = List.copyOf(failures);
        this.seen = seen;
    }

    /// Lists what went wrong with each try, in their order; never empty.
    public List<ProviderFailure> failures() {
        return failures;
    }

    /// Tells whether the reader has seen a part of the answer, so that no other answer can be put in its place.
    public boolean seen() {
        return seen;
    }
}

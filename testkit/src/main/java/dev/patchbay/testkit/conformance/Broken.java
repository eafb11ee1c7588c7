package dev.patchbay.testkit.conformance;

import java.io.Serial;

/// A rule that a server breaks, or that does not apply to it.
final class Broken extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final Finding.Result result;

    private Broken(Finding.Result result, String seen) {
        super(seen);
        this.result = result;
    }

    static Broken because(String seen) {
        return new Broken(Finding.Result.BROKEN, seen);
    }

    static Broken notApplicable(String why) {
        return new Broken(Finding.Result.SKIPPED, why);
    }

    Finding.Result result() {
        return result;
    }
}

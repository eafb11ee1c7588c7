package dev.patchbay.testkit.conformance;

/// What became of one rule.
///
/// @param seen what the server did, for a rule that is broken; why it was not checked, for one that is skipped
public record Finding(Rule rule, Result result, String seen) {

    /// How a check ended.
    public enum Result {
        KEPT,
        BROKEN,
        SKIPPED
    }

    /// Tells whether the server breaks what the protocol demands.
    public boolean isFailure() {
        return result == Result.BROKEN && rule.required();
    }
}

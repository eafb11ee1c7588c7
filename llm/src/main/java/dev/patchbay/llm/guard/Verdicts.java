package dev.patchbay.llm.guard;

/// Told what rails found; never told the text.
public interface Verdicts {

    /// A rail found something.
    ///
    /// @param where `input` or `output`
    void found(String where, Rails.Kind kind, Rails.OnFail onFail);
}

package dev.patchbay.llm.model;

import dev.patchbay.llm.chat.Delta;

/// Takes an answer while it is being given. What it throws ends the call at the provider.
public interface StreamSink {

    /// Takes a piece.
    void take(Delta delta);

    /// What came so far is void: the answer begins again.
    void restarted();
}

package dev.patchbay.llm.chat;

/// Why a model stopped.
public enum FinishReason {
    /// It had said everything.
    STOP,
    /// It was not allowed more tokens.
    LENGTH,
    /// It wants tools to be called.
    TOOL_CALLS,
    /// The provider held the rest back.
    CONTENT_FILTER,
    /// A reason we do not know.
    OTHER
}

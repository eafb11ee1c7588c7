package dev.patchbay.llm.fake;

/// What can go wrong with an answer. Where it says "after n tokens", n is [Reply#after].
public enum Fault {
    /// Nothing.
    NONE,
    /// The body ends cleanly after n tokens, without finish reason and end marker.
    TRUNCATED,
    /// All tokens and the finish reason, but no end marker.
    NO_END_MARKER,
    /// The end marker, but no finish reason before it.
    NO_FINISH_REASON,
    /// The connection is closed in the middle of the body after n tokens.
    CUT,
    /// An error object inside the 200 answer after n tokens.
    ERROR_EVENT,
    /// Nothing more after n tokens, with the connection open, until the client leaves.
    SILENCE,
    /// Nothing at all for [Reply#pause], then the answer.
    SLOW_FIRST_TOKEN,
    /// Comments instead of tokens after n tokens, for ever.
    ONLY_KEEP_ALIVES,
    /// After n tokens an event that is no JSON.
    GARBLED,
    /// After n tokens the body ends in the middle of a character.
    HALF_CHARACTER,
    /// Every byte of the answer is a write of its own, so that lines and characters arrive split.
    BYTE_BY_BYTE,
    /// A page of HTML with status 200.
    WRONG_TYPE,
    /// Tokens without end.
    ENDLESS,
    /// Status 200 and no body.
    EMPTY
}

package dev.patchbay.llm.model;

/// What happens when an answer breaks off after its reader has seen a part of it.
public enum AfterFirstToken {
    /// The stream ends with an error.
    FAIL,
    /// The next try is asked to go on where the answer broke off. For providers that continue a message of the
    /// assistant.
    CONTINUE,
    /// The answer begins again, and the reader is told so.
    RESTART
}

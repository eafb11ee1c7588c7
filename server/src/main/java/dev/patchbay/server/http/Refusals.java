package dev.patchbay.server.http;

/// Gives refusals of the transport the form that all errors of the product have.
public interface Refusals {

    /// Words a refusal. Runs on an event loop.
    ///
    /// @param refusal what is refused
    /// @param path where the request went, as far as that is known; otherwise empty
    /// @param detail for people: a sentence on this request; for [Refusal#INTERNAL_ERROR] the id in the log
    Answer answer(Refusal refusal, String path, String detail);
}

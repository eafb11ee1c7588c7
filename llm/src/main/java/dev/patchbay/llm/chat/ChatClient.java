package dev.patchbay.llm.chat;

import java.util.function.Consumer;

/// Speaks to one provider. May be used by many threads; each call blocks its thread. An interrupt of a virtual thread
/// ends the call at the provider too; a platform thread is interrupted when the provider says something.
public interface ChatClient {

    /// Asks for the whole answer at once.
    ///
    /// @throws ProviderFailure if no whole answer came
    ChatAnswer complete(ChatRequest request, Timeouts timeouts) throws ProviderFailure, InterruptedException;

    /// Asks for the answer as it is being written. It is whole only when this returns: an end of the stream without
    /// the provider's end marker and finish reason is a failure.
    ///
    /// @param deltas takes the pieces, on this thread; what it throws ends the call at the provider
    /// @throws ProviderFailure if the answer broke off; pieces may have been given by then
    ChatAnswer stream(ChatRequest request, Timeouts timeouts, Consumer<Delta> deltas)
            throws ProviderFailure, InterruptedException;
}

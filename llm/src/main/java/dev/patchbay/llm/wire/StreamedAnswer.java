package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ChatAnswer;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An answer as it is put together from its events, in one provider's form. Used by one thread.
interface StreamedAnswer {

    /// Takes an event and gives what it adds to the answer.
    ///
    /// @throws ProviderFailure if it is an error, or cannot be read
    List<Delta> take(SseReader.Event event) throws ProviderFailure;

    /// Tells whether the end marker came.
    boolean ended();

    /// Gives the whole answer, after its end marker.
    ///
    /// @throws ProviderFailure if its finish reason is missing
    ChatAnswer done() throws ProviderFailure;

    /// Says what is missing when the stream ends here.
    ProviderFailure truncated();

    /// Gives what was used up, as far as the provider said.
    @Nullable
    Usage usage();
}

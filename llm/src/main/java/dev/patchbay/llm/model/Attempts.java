package dev.patchbay.llm.model;

import dev.patchbay.llm.chat.ChatRequest;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.Usage;
import org.jspecify.annotations.Nullable;

/// Told about every try at a provider, also those that failed; the bill and the metrics are made of it.
public interface Attempts {

    /// Estimates the tokens that a try may use, before it is made.
    long estimate(ChatRequest request);

    /// A try gave a whole answer.
    ///
    /// @param usage null if the provider did not say
    void answered(Target target, @Nullable Usage usage, String text);

    /// A try failed.
    ///
    /// @param text what had come by then
    void failed(Target target, ProviderFailure failure, String text);

    /// A try was ended from this side: the reader left, or did not like what it saw.
    ///
    /// @param text what had come by then
    void stopped(Target target, String text);

    /// The same target is tried again.
    void retried(Target target);

    /// A second target is asked because another has not answered yet.
    void hedged(Target second);

    /// A try was ended because another target was sooner.
    ///
    /// @param usage null if the provider did not say
    /// @param text what had come by then
    /// @param byHedge whether the one that was sooner is the second
    void overtaken(Target target, @Nullable Usage usage, String text, boolean byHedge);
}

package dev.patchbay.llm.chat;

/// Billable tokens of one call, as the provider counted them. The classes do not overlap, whatever the provider's
/// own way of counting.
///
/// @param input tokens of the prompt that came from no cache
/// @param cacheRead tokens of the prompt that the provider had in its cache
/// @param cacheWrite tokens of the prompt that were put into the cache
/// @param output tokens of the answer, those of reasoning included
public record Usage(long input, long cacheRead, long cacheWrite, long output) {

    /// Adds the tokens of another call.
    public Usage plus(Usage other) {
        return new Usage(
                input + other.input, cacheRead + other.cacheRead, cacheWrite + other.cacheWrite, output + other.output);
    }

    /// Gives all tokens of the prompt.
    public long prompt() {
        return input + cacheRead + cacheWrite;
    }

    /// Gives all tokens.
    public long total() {
        return prompt() + output;
    }
}

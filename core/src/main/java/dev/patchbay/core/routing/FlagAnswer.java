package dev.patchbay.core.routing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a flag said about a call.
///
/// @param version a version or an alias; null if it decided nothing
/// @param detail how it came to that, or what went wrong, for people
public record FlagAnswer(
        Result result, @Nullable String version, @Nullable String detail) {

    /// How asking ended.
    public enum Result {
        /// The flag names a version.
        VALUE,
        /// The flag decides nothing about this call.
        NO_VALUE,
        /// The provider failed.
        ERROR,
        /// The provider took too long.
        TIMEOUT,
        /// Too many questions wait for the provider.
        BUSY,
        /// The provider is left alone after it took too long many times.
        RESTING;

        /// Gives the word used in explanations, headers and metrics.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

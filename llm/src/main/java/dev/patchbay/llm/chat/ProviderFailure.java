package dev.patchbay.llm.chat;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// No whole answer came from a provider. The message is fit for callers: it holds no key and no text of a prompt.
public final class ProviderFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /// What went wrong.
    public enum Kind {
        /// Nobody answered at the address.
        UNREACHABLE(true, true),
        /// The connection broke.
        CUT(true, true),
        /// The answer ended without its end marker or finish reason.
        TRUNCATED(true, true),
        /// An error came in place of the rest of an answer.
        ERROR_IN_STREAM(true, true),
        /// What came cannot be read.
        GARBLED(true, true),
        /// What came is of another content type.
        WRONG_TYPE(false, true),
        /// The answer is larger than allowed.
        TOO_LARGE(false, true),
        /// No first token in time.
        FIRST_TOKEN_TIMEOUT(true, true),
        /// No further token in time.
        IDLE_TIMEOUT(true, true),
        /// Not all of it in time.
        TOTAL_TIMEOUT(false, true),
        /// The provider takes no more calls for now.
        RATE_LIMITED(true, true),
        /// The provider has trouble.
        OVERLOADED(true, true),
        /// The account has no money left.
        QUOTA(false, true),
        /// The key is not taken.
        KEY_REFUSED(false, true),
        /// The provider does not know the model.
        UNKNOWN_MODEL(false, true),
        /// The prompt is longer than the model can read.
        TOO_LONG(false, true),
        /// The provider does not take the request.
        BAD_REQUEST(false, false),
        /// The provider holds the answer back.
        CONTENT_FILTERED(false, false);

        private final boolean retryable;
        private final boolean fallsBack;

        Kind(boolean retryable, boolean fallsBack) {
            this.retryable = retryable;
            this.fallsBack = fallsBack;
        }

        /// Tells whether the same call to the same provider may succeed a moment later.
        public boolean isRetryable() {
            return retryable;
        }

        /// Tells whether another provider or model may succeed.
        public boolean fallsBack() {
            return fallsBack;
        }

        /// Gives its name as people read it, such as `rate-limited`.
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    private final Kind kind;
    private final String provider;
    private final @Nullable Duration retryAfter;
    private final transient @Nullable Usage usage;

    /// Makes a failure.
    ///
    /// @param retryAfter when the provider wants to be asked again
    /// @param usage what was used up by then, as far as the provider said
    public ProviderFailure(
            Kind kind,
            String provider,
            String message,
            @Nullable Duration retryAfter,
            @Nullable Usage usage,
            @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.provider = provider;
        this.retryAfter = retryAfter;
        this.usage = usage;
    }

    /// Gives what went wrong.
    public Kind kind() {
        return kind;
    }

    /// Gives the provider's name.
    public String provider() {
        return provider;
    }

    /// Gives when to ask again.
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /// Gives what was used up.
    public Optional<Usage> usage() {
        return Optional.ofNullable(usage);
    }

    /// Gives the same failure with what was used up.
    public ProviderFailure having(@Nullable Usage used) {
        return used == null || usage != null
                ? this
                : new ProviderFailure(kind, provider, getMessage(), retryAfter, used, getCause());
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}

package dev.patchbay.runtime.remote;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Words what went wrong at a server. Callers are told who failed and how; what the server said in its own words stays
/// in the gateway's log, except where the protocol means it for callers.
final class RemoteFailure {

    private static final int MOST_WORDS = 300;

    private RemoteFailure() {}

    /// @param how follows the server's name in a sentence
    static InferenceException of(Target target, String how, @Nullable Throwable cause) {
        return new InferenceException(
                ErrorCode.REMOTE_FAILED, "The server %s %s".formatted(target.label(), how), List.of(), null, cause);
    }

    /// The two do not trust each other, or do not speak the same TLS.
    static InferenceException of(Target target, SSLException tls) {
        return of(
                target,
                "and the gateway do not agree on TLS (%s); what each trusts and shows is in remote.targets.NAME.tls of patchbay.yaml"
                        .formatted(excerpt(reason(tls))),
                tls);
    }

    /// Native TLS says no more than that there was a problem; what it was is in the last cause.
    private static String reason(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return String.valueOf(last.getMessage() == null ? failure.getMessage() : last.getMessage());
    }

    /// Finds what went wrong with TLS among the causes; null if nothing did.
    static @Nullable SSLException tls(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException tls) {
                return tls;
            }
        }
        return null;
    }

    /// The server said why it does not take this request.
    static InferenceException refused(Target target, String why, @Nullable Throwable cause) {
        return new InferenceException(
                ErrorCode.INVALID_REQUEST,
                "The server %s does not take this request%s"
                        .formatted(target.label(), why.isBlank() ? "" : ": " + excerpt(why)),
                List.of(),
                null,
                cause);
    }

    static InferenceException overloaded(Target target, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        return new InferenceException(
                ErrorCode.OVERLOADED,
                "The server %s has more work than it can do".formatted(target.label()),
                List.of(),
                retryAfter,
                cause);
    }

    static InferenceException late(Target target, Duration allowed, boolean callers) {
        String words = "The server %s did not answer within %d ms".formatted(target.label(), allowed.toMillis());
        return callers
                ? new InferenceException(ErrorCode.DEADLINE_EXCEEDED, words)
                : new InferenceException(
                        ErrorCode.REMOTE_FAILED, words + ", which remote.timeout of the module allows");
    }

    /// Shortens words of a server to one line.
    static String excerpt(String words) {
        String line = words.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= MOST_WORDS ? line : line.substring(0, MOST_WORDS) + " …";
    }

    /// What a server said, for the log.
    static final class Said extends Exception {
        private static final long serialVersionUID = 1L;

        Said(String words) {
            super(excerpt(words), null, false, false);
        }
    }
}

package dev.patchbay.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An error with a stable code whose text is meant for the caller. Write what was asked, what is true and what
/// to do; never put secrets or personal data into it.
public final class InferenceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient List<FieldError> fields;
    private final @Nullable Duration retryAfter;

    /// Makes an error with everything a caller can be told.
    ///
    /// @param fields what is wrong with which field; empty if it is not about fields
    /// @param retryAfter when to try again, if that makes sense
    /// @param cause stays in the gateway's log
    public InferenceException(
            ErrorCode code,
            String message,
            List<FieldError> fields,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.fields = List.copyOf(fields);
        this.retryAfter = retryAfter;
    }

    /// Makes an error with a code and a message.
    public InferenceException(ErrorCode code, String message) {
        this(code, message, List.of(), null, null);
    }

    /// Refuses a request for a reason that a schema cannot say; the caller gets 422 with the field's path.
    ///
    /// @param path a JSON Pointer to the field
    public static InferenceException invalid(String path, String message) {
        return new InferenceException(
                ErrorCode.INVALID_REQUEST, message, List.of(new FieldError(path, message)), null, null);
    }

    /// Says that something the module needs does not work at the moment; the caller gets 502 and may try again.
    public static InferenceException dependency(String message, @Nullable Throwable cause) {
        return new InferenceException(ErrorCode.DEPENDENCY_FAILED, message, List.of(), null, cause);
    }

    /// Gives the stable code.
    public ErrorCode code() {
        return code;
    }

    /// Tells what is wrong with which field.
    public List<FieldError> fields() {
        return fields;
    }

    /// Tells when to try again.
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /// Gives the message; an error always has one.
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}

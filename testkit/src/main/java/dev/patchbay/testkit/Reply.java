package dev.patchbay.testkit;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.FieldError;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.telemetry.CallRecord;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a caller got.
public sealed interface Reply {

    /// How long the gateway took, in nanoseconds.
    long nanos();

    /// Says what came back, in a line or a few.
    String describe();

    /// The module answered, and the answer fulfils its schema.
    ///
    /// @param bytes the answer as it goes over the wire
    record Answer(byte[] bytes, long nanos) implements Reply {

        /// Reads the answer.
        public JsonNode json() {
            return JsonMapper.shared().readTree(bytes);
        }

        @Override
        public String describe() {
            return json().toString();
        }
    }

    /// The call was refused or failed.
    record Refusal(InferenceException error, long nanos) implements Reply {

        /// Tells whether the caller has to change the request, rather than the author the module.
        public boolean isCallersFault() {
            return error.code() == ErrorCode.INVALID_REQUEST || error.code() == ErrorCode.PERMISSION_DENIED;
        }

        @Override
        public String describe() {
            Throwable cause = error.getCause();
            if (cause != null) {
                return error.code().id() + ": " + cause + place(cause) + causes(cause.getCause());
            }
            String fields = error.fields().stream()
                    .map(FieldError::path)
                    .filter(path -> !error.getMessage().contains(path))
                    .collect(Collectors.joining(", "));
            return error.code().id() + ": " + error.getMessage() + (fields.isEmpty() ? "" : " (" + fields + ")");
        }

        private static String causes(@org.jspecify.annotations.Nullable Throwable cause) {
            return cause == null ? "" : "\n  caused by " + cause + place(cause) + causes(cause.getCause());
        }

        private static String place(Throwable cause) {
            for (StackTraceElement frame : cause.getStackTrace()) {
                String name = frame.getClassName();
                if (!name.startsWith("java.") && !name.startsWith("jdk.") && !name.startsWith("dev.patchbay.core.")) {
                    return " (at " + name + "." + frame.getMethodName() + ":" + frame.getLineNumber() + ")";
                }
            }
            return "";
        }
    }

    static Reply of(CallRecord call) {
        return switch (call.outcome()) {
            case Outcome.Answer(byte[] json) -> new Answer(json, call.totalNanos());
            case Outcome.Failure(InferenceException error) -> new Refusal(error, call.totalNanos());
        };
    }
}

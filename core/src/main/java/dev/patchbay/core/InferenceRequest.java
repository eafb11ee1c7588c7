package dev.patchbay.core;

import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.Dialect;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A question to a task, as it came from a network or from a module.
///
/// @param pin the version or alias asked for, if the caller asked for one and may
/// @param baggage the caller's W3C baggage, for routing by attributes
/// @param parts takes the parts of the answer, if the caller wants a stream
public record InferenceRequest(
        String task,
        @Nullable String pin,
        Body body,
        Map<String, String> baggage,
        CallContext context,
        @Nullable PartStream parts) {

    /// The same request to another.
    InferenceRequest to(String otherTask, @Nullable String version) {
        return new InferenceRequest(otherTask, version, body, baggage, context.again(), parts);
    }

    /// The same request with another context.
    InferenceRequest in(CallContext other) {
        return other == context ? this : new InferenceRequest(task, pin, body, baggage, other, parts);
    }

    /// What is asked.
    public sealed interface Body {

        /// Not yet read.
        record Bytes(byte[] json) implements Body {}

        /// Already a tree.
        record Tree(JsonNode json) implements Body {}

        /// In the form of another protocol.
        ///
        /// @param dialect reads it once a version is chosen
        /// @param seen what routing may look at
        record Foreign(Dialect dialect, JsonNode seen) implements Body {}
    }
}

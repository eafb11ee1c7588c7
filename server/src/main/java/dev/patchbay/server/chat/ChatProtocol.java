package dev.patchbay.server.chat;

import dev.patchbay.api.ErrorCode;
import tools.jackson.databind.JsonNode;

/// A chat protocol of somebody else's.
interface ChatProtocol {

    /// Reads a question.
    ///
    /// @throws dev.patchbay.api.InferenceException if it has not the form of the protocol
    ChatCall call(JsonNode body, String requestId);

    /// Writes an error.
    JsonNode error(ErrorCode code, String message, String requestId);
}

package dev.patchbay.server.http;

import org.jspecify.annotations.Nullable;

/// A complete answer.
///
/// @param status the status code
/// @param headers without `Content-Length` and `Connection`, which are the transport's
/// @param body not changed after it was handed over
/// @param trailers headers behind the body; only HTTP/2 has them here
public record Answer(
        int status,
        AnswerHeaders headers,
        byte[] body,
        @Nullable AnswerHeaders trailers) {

    /// An answer that ends with its body.
    public Answer(int status, AnswerHeaders headers, byte[] body) {
        this(status, headers, body, null);
    }

    Answer with(String name, String value) {
        return new Answer(status, headers.copy().add(name, value), body, trailers);
    }
}

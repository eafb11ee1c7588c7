package dev.patchbay.server.http;

/// A complete answer.
///
/// @param status the status code
/// @param headers without `Content-Length` and `Connection`, which are the transport's
/// @param body not changed after it was handed over
public record Answer(int status, AnswerHeaders headers, byte[] body) {

    Answer with(String name, String value) {
        return new Answer(status, headers.copy().add(name, value), body);
    }
}

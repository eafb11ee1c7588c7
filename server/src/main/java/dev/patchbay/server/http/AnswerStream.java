package dev.patchbay.server.http;

/// The body of an answer that is sent in parts, each as soon as it is written. For one writing thread at a time, and
/// never for an event loop: writing waits for the reader.
public interface AnswerStream {

    /// Sends a part and waits while the reader takes less than is written.
    ///
    /// @param part not changed after it was handed over
    /// @throws ClientGoneException when nobody reads any more, or nothing was taken for the time of
    /// [ConnectionLimits#stallTime]: the client is then cut off
    /// @throws InterruptedException when the thread was interrupted; the stream goes on
    void write(byte[] part) throws ClientGoneException, InterruptedException;

    /// Completes the answer.
    void end();

    /// Completes an answer on HTTP/2 with headers behind its body.
    void end(AnswerHeaders trailers);
}

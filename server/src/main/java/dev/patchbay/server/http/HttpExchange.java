package dev.patchbay.server.http;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request with its body, and the way to answer it exactly once. Everything here may be called from any thread.
public interface HttpExchange {

    /// The method, in capitals.
    String method();

    /// The path as it was sent, without the query.
    String path();

    /// A decoded segment of the path.
    ///
    /// @param name as written between braces in the route's template
    /// @throws IllegalArgumentException when the template has no such name
    String pathParameter(String name);

    /// The query as it was sent.
    @Nullable
    String query();

    /// The first value of a query parameter, decoded.
    @Nullable
    String queryParameter(String name);

    /// The first value of a header; names are compared without regard to case.
    @Nullable
    String header(String name);

    /// All values of a header.
    List<String> headers(String name);

    /// The whole body, not longer than [RequestLimits#bodyBytes]. It is not copied: whoever changes it changes it
    /// for all.
    byte[] body();

    /// The body as it arrives, for a route made by [Route#incoming].
    ///
    /// @throws IllegalStateException for any other route
    BodyStream incoming();

    /// Whether an answer here may have trailers.
    boolean takesTrailers();

    /// The peer of the connection.
    InetSocketAddress remoteAddress();

    /// Names who is told, once, when the client has gone before its answer was complete; at once if it already has.
    /// Runs on an event loop: it must not block.
    ///
    /// @throws IllegalStateException when somebody is named already
    void onCancel(Runnable action);

    /// Sends the answer. A second one is dropped and logged as an error; one for a client that has gone is dropped.
    void respond(Answer answer);

    /// Sends the head of an answer whose body follows in parts.
    ///
    /// @throws IllegalStateException when the request was answered already
    AnswerStream startStream(int status, AnswerHeaders headers);

    /// Answers with one [Refusal#INTERNAL_ERROR] that carries an id, under which the cause is logged; breaks off a
    /// stream that has begun.
    void fail(Throwable cause);
}

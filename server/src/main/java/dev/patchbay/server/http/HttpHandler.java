package dev.patchbay.server.http;

/// Takes one complete request.
public interface HttpHandler {

    /// Takes the exchange on an event loop: answers at once, or hands over to a thread of its own and returns.
    /// Whatever it throws becomes one [Refusal#INTERNAL_ERROR].
    ///
    /// @throws Exception whatever went wrong
    void handle(HttpExchange exchange) throws Exception;
}

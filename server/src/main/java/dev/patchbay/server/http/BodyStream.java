package dev.patchbay.server.http;

import org.jspecify.annotations.Nullable;

/// The body of a request as it arrives, for one reading thread that is not an event loop's.
public interface BodyStream {

    /// Waits for more of the body and takes it; what is not taken is not read from the client.
    ///
    /// @return null at the end
    /// @throws ClientGoneException when the client has gone before the end
    /// @throws InterruptedException when the thread was interrupted; the stream goes on
    byte @Nullable [] next() throws ClientGoneException, InterruptedException;
}

package dev.patchbay.server.grpc;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.AnswerStream;
import dev.patchbay.server.http.BodyStream;
import dev.patchbay.server.http.ClientGoneException;
import dev.patchbay.server.http.HttpExchange;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A call with any number of messages in each direction, for one thread of its own: reading waits for the client to
/// send, writing for it to read.
public final class GrpcStream {

    private final HttpExchange exchange;
    private final BodyStream body;
    private final int longest;
    private final AnswerHeaders metadata = AnswerHeaders.contentType(GrpcCall.CONTENT_TYPE);
    private ByteBuffer arrived = ByteBuffer.allocate(0);
    private @Nullable AnswerStream answer;

    /// @param longest the longest message
    GrpcStream(HttpExchange exchange, int longest) {
        this.exchange = exchange;
        this.body = exchange.incoming();
        this.longest = longest;
    }

    /// Gives the first value of a name in the metadata.
    public @Nullable String metadata(String name) {
        return exchange.header(name);
    }

    /// Gives all values of a name in the metadata.
    public List<String> allMetadata(String name) {
        return exchange.headers(name);
    }

    /// Tells how long the caller waits; null if it does not say.
    public @Nullable Duration timeout() {
        return GrpcCall.timeout(exchange);
    }

    /// Names who is told when the caller goes before the end.
    public void onCancel(Runnable action) {
        exchange.onCancel(action);
    }

    /// Waits for a message.
    ///
    /// @return null when the client sends no more
    /// @throws InferenceException if what comes is no message, or a longer one than is taken
    public @Nullable ByteBuffer next() throws ClientGoneException, InterruptedException {
        if (!fill(GrpcMessage.HEAD)) {
            if (arrived.hasRemaining()) {
                throw cutOff();
            }
            return null;
        }
        long length = GrpcMessage.length(arrived);
        if (length > longest) {
            throw new InferenceException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The message has %d bytes; at most %d are taken".formatted(length, longest));
        }
        if (!fill((int) length)) {
            throw cutOff();
        }
        ByteBuffer message = arrived.slice(arrived.position(), (int) length);
        arrived.position(arrived.position() + (int) length);
        return message;
    }

    private static InferenceException cutOff() {
        return new InferenceException(ErrorCode.MALFORMED_REQUEST, "The last message is cut off");
    }

    private boolean fill(int wanted) throws ClientGoneException, InterruptedException {
        while (arrived.remaining() < wanted) {
            byte[] more = body.next();
            if (more == null) {
                return false;
            }
            // messages are slices of what was: it is left as it is, and a new buffer goes on
            ByteBuffer joined = ByteBuffer.allocate(Math.max(
                    arrived.remaining() + more.length, Math.min(wanted, 2 * (arrived.remaining() + more.length))));
            joined.put(arrived).put(more).flip();
            arrived = joined;
        }
        return true;
    }

    /// Sends a message, and waits while the client takes less than is written.
    ///
    /// @param framed a message with its head, as [GrpcMessage#frame] makes it
    public void write(byte[] framed) throws ClientGoneException, InterruptedException {
        started().write(framed);
    }

    /// Ends the call.
    public void end(GrpcStatus status) {
        started().end(status.addTo(AnswerHeaders.none()));
    }

    private AnswerStream started() {
        AnswerStream out = answer;
        if (out == null) {
            out = exchange.startStream(200, metadata);
            answer = out;
        }
        return out;
    }
}

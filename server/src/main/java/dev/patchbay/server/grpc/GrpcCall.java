package dev.patchbay.server.grpc;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.HttpExchange;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A call with one message in each direction. From any thread; answered once.
public final class GrpcCall {

    static final String CONTENT_TYPE = "application/grpc";
    private static final byte[] NOTHING = {};

    private final HttpExchange exchange;
    private final AnswerHeaders metadata = AnswerHeaders.contentType(CONTENT_TYPE);

    GrpcCall(HttpExchange exchange) {
        this.exchange = exchange;
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
    ///
    /// @throws InferenceException if it says what is no time
    public @Nullable Duration timeout() {
        return timeout(exchange);
    }

    static @Nullable Duration timeout(HttpExchange exchange) {
        String value = exchange.header("grpc-timeout");
        if (value == null) {
            return null;
        }
        if (!value.matches("\\d{1,8}[HMSmun]")) {
            throw new InferenceException(ErrorCode.MALFORMED_REQUEST, "grpc-timeout is '%s'".formatted(value));
        }
        long amount = Long.parseLong(value.substring(0, value.length() - 1));
        return switch (value.charAt(value.length() - 1)) {
            case 'H' -> Duration.ofHours(amount);
            case 'M' -> Duration.ofMinutes(amount);
            case 'S' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMillis(amount);
            case 'u' -> Duration.ofNanos(amount * 1000);
            default -> Duration.ofNanos(amount);
        };
    }

    /// Names who is told when the caller goes before its answer.
    public void onCancel(Runnable action) {
        exchange.onCancel(action);
    }

    /// Gives the metadata of the answer, to add to before it is sent.
    public AnswerHeaders answerMetadata() {
        return metadata;
    }

    /// Answers.
    ///
    /// @param framed a message with its head, as [GrpcMessage#frame] makes it
    public void reply(byte[] framed) {
        exchange.respond(new Answer(200, metadata, framed, GrpcStatus.OK.addTo(AnswerHeaders.none())));
    }

    /// Ends the call without an answer.
    public void fail(GrpcStatus status) {
        // grpc-java refuses an answer of headers alone that ends with an empty DATA frame
        exchange.respond(new Answer(200, metadata, NOTHING, status.addTo(AnswerHeaders.none())));
    }

    /// Ends the call because of a fault of the gateway, which is logged.
    public void bug(Throwable bug) {
        exchange.fail(bug);
    }
}

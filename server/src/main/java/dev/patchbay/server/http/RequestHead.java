package dev.patchbay.server.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Checks what the decoder lets pass although two readers could take it for two different requests.
final class RequestHead {

    private RequestHead() {}

    /// @param refusal why the request is refused
    /// @param detail what is wrong with this one
    record Problem(Refusal refusal, String detail) {}

    /// Names what the decoder stumbled over.
    static Problem undecodable(@Nullable Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException line -> new Problem(Refusal.URI_TOO_LONG, "The request line is too long.");
            case TooLongHttpHeaderException header ->
                new Problem(Refusal.HEADERS_TOO_LARGE, "The headers are too long.");
            case null, default -> new Problem(Refusal.MALFORMED_REQUEST, "The request is not valid HTTP/1.1.");
        };
    }

    /// Checks the head of an HTTP/1 request, which must name its one length and its one host.
    static @Nullable Problem check(HttpServerRequest request) {
        if (request.version() == null) {
            return new Problem(
                    Refusal.VERSION_NOT_SUPPORTED, "The version of HTTP is not one of HTTP/1.0, HTTP/1.1 and HTTP/2.");
        }
        HttpHeaders headers = (HttpHeaders) request.headers();
        if (headers.contains("")) {
            return new Problem(Refusal.MALFORMED_REQUEST, "There is a header without a name.");
        }
        Iterator<String> codings = headers.valueStringIterator("transfer-encoding");
        if (codings.hasNext() && (!codings.next().equalsIgnoreCase("chunked") || codings.hasNext())) {
            return new Problem(
                    Refusal.UNSUPPORTED_TRANSFER_ENCODING, "The only transfer encoding understood is chunked.");
        }
        if (headers.contains("transfer-encoding") && headers.contains("content-length")) {
            return new Problem(Refusal.MALFORMED_REQUEST, "Content-Length and Transfer-Encoding do not go together.");
        }
        Iterator<String> hosts = headers.valueStringIterator("host");
        if (!hosts.hasNext()) {
            return request.version() == io.vertx.core.http.HttpVersion.HTTP_1_0
                    ? null
                    : new Problem(Refusal.MALFORMED_REQUEST, "The Host header is missing.");
        }
        hosts.next();
        return hosts.hasNext() ? new Problem(Refusal.MALFORMED_REQUEST, "There is more than one Host header.") : null;
    }

    /// The length that the request declares; 0 without one, -1 when it is not a number.
    static long declaredLength(MultiMap headers) {
        String length = headers.get("content-length");
        if (length == null) {
            return 0;
        }
        if (length.isEmpty() || length.length() > 18) {
            return length.isEmpty() ? -1 : Long.MAX_VALUE;
        }
        long value = 0;
        for (int i = 0; i < length.length(); i++) {
            int digit = length.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}

package dev.patchbay.server.grpc;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.server.http.AnswerHeaders;
import java.nio.charset.StandardCharsets;

/// How a gRPC call ended.
///
/// @param code one of [gRPC's status codes](https://grpc.io/docs/guides/status-codes/)
/// @param message for people; empty for success
public record GrpcStatus(int code, String message) {

    public static final GrpcStatus OK = new GrpcStatus(0, "");

    private static final String HEX = "0123456789ABCDEF";

    /// Gives the status of an error.
    public static GrpcStatus of(InferenceException error) {
        return new GrpcStatus(error.code().grpcStatus(), error.getMessage());
    }

    static GrpcStatus of(ErrorCode code, String message) {
        return new GrpcStatus(code.grpcStatus(), message);
    }

    /// Adds the status to headers or trailers.
    public AnswerHeaders addTo(AnswerHeaders headers) {
        headers.add("grpc-status", Integer.toString(code));
        if (!message.isEmpty()) {
            headers.add("grpc-message", encoded(message));
        }
        return headers;
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet < ' ' || octet > '~' || octet == '%') {
                encoded.append('%').append(HEX.charAt(octet >> 4 & 15)).append(HEX.charAt(octet & 15));
            } else {
                encoded.append((char) octet);
            }
        }
        return encoded.toString();
    }
}

package dev.patchbay.server.http;

import java.time.Duration;

/// What one request may take.
///
/// @param lineBytes the longest request line
/// @param headerBytes the longest header block
/// @param bodyBytes the longest body
/// @param headTime from the first byte of a request, or from the opening of the connection, to the end of its head
/// @param bodyTime from the end of the head to the end of the body
public record RequestLimits(int lineBytes, int headerBytes, int bodyBytes, Duration headTime, Duration bodyTime) {

    public RequestLimits {
        Positive.require("lineBytes", lineBytes);
        Positive.require("headerBytes", headerBytes);
        Positive.require("bodyBytes", bodyBytes);
        Positive.require("headTime", headTime);
        Positive.require("bodyTime", bodyTime);
    }

    public static RequestLimits standard() {
        return new RequestLimits(4096, 8192, 1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(15));
    }
}

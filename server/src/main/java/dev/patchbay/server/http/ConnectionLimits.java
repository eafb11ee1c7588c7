package dev.patchbay.server.http;

import java.time.Duration;

/// What one connection may take.
///
/// @param open how many may be open at once; one more is closed as it is opened
/// @param streams how many requests one HTTP/2 connection may have under way
/// @param idleTime without a request under way; a quiet call is not idle
/// @param stallTime for which a reader may take nothing of its answer
/// @param lingerTime for which a refused client may go on sending, unread, so that it gets to see the refusal
public record ConnectionLimits(int open, int streams, Duration idleTime, Duration stallTime, Duration lingerTime) {

    public ConnectionLimits {
        Positive.require("open", open);
        Positive.require("streams", streams);
        Positive.require("idleTime", idleTime);
        Positive.require("stallTime", stallTime);
        Positive.require("lingerTime", lingerTime);
    }

    public static ConnectionLimits standard() {
        return new ConnectionLimits(10_000, 100, Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(1));
    }
}

package dev.patchbay.core.execution;

import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A call's place in a distributed trace, as in [W3C Trace Context](https://www.w3.org/TR/trace-context/).
///
/// @param traceId 32 hex digits, the same for every call of the trace
/// @param spanId 16 hex digits, of this gateway's part
/// @param parentId 16 hex digits, of the caller's part; null if the trace begins here
/// @param flags 2 hex digits, as they came
/// @param state the caller's `tracestate`, passed on as it is
public record TraceContext(
        String traceId,
        String spanId,
        @Nullable String parentId,
        String flags,
        @Nullable String state) {

    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    /// Takes the caller's trace up, or starts one when the headers are missing or wrong.
    public static TraceContext from(@Nullable String traceparent, @Nullable String tracestate) {
        if (traceparent != null) {
            var matcher = TRACEPARENT.matcher(traceparent);
            if (matcher.matches()) {
                return new TraceContext(matcher.group(1), hex(), matcher.group(2), matcher.group(3), tracestate);
            }
        }
        return new TraceContext(hex() + hex(), hex(), null, "00", null);
    }

    /// Gives the header value that makes what follows a child of this call.
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }

    private static String hex() {
        long bits;
        do {
            bits = ThreadLocalRandom.current().nextLong();
        } while (bits == 0);
        String digits = Long.toHexString(bits);
        return "0".repeat(16 - digits.length()) + digits.toLowerCase(Locale.ROOT);
    }
}

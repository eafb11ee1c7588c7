package dev.patchbay.core.execution;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A call's place in a distributed trace, as in [W3C Trace Context](https://www.w3.org/TR/trace-context/).
///
/// @param traceId 32 hex digits, the same for every call of the trace
/// @param spanId 16 hex digits, of this gateway's part
/// @param parentId 16 hex digits, of the caller's part; null if it has none
/// @param flags 2 hex digits
/// @param state the caller's `tracestate`, passed on as it is
/// @param beginsHere whether no caller from outside brought the trace along
public record TraceContext(
        String traceId,
        String spanId,
        @Nullable String parentId,
        String flags,
        @Nullable String state,
        boolean beginsHere) {

    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    /// Takes the caller's trace up, or starts one when the headers are missing or wrong.
    public static TraceContext from(@Nullable String traceparent, @Nullable String tracestate) {
        if (traceparent != null) {
            var matcher = TRACEPARENT.matcher(traceparent);
            if (matcher.matches()) {
                return new TraceContext(matcher.group(1), hex(), matcher.group(2), matcher.group(3), tracestate, false);
            }
        }
        return new TraceContext(hex() + hex(), hex(), null, "00", null, true);
    }

    /// Gives the place of a call that is made on behalf of this one.
    public TraceContext child() {
        return new TraceContext(traceId, hex(), spanId, flags, state, beginsHere);
    }

    /// Gives the same place, saying to whom it is told further on whether this gateway records the trace.
    public TraceContext recorded(boolean recorded) {
        int bits = Integer.parseInt(flags, 16);
        int said = recorded ? bits | 1 : bits & ~1;
        return said == bits
                ? this
                : new TraceContext(
                        traceId, spanId, parentId, HexFormat.of().toHexDigits((byte) said), state, beginsHere);
    }

    /// Tells whether the caller wants its trace to be recorded.
    public boolean isSampled() {
        return (Integer.parseInt(flags, 16) & 1) == 1;
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
        return HexFormat.of().toHexDigits(bits);
    }
}

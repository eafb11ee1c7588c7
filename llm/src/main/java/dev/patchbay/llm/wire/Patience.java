package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.chat.Timeouts;
import java.time.Duration;

/// Knows until when to wait for the next thing of one call. Used by the thread that makes it, and by the one that ends
/// it.
final class Patience {

    private final Timeouts timeouts;
    private final boolean streaming;
    private volatile long end;
    private volatile long next;
    private volatile boolean begun;

    Patience(Timeouts timeouts, boolean streaming) {
        this.timeouts = timeouts;
        this.streaming = streaming;
        long now = System.nanoTime();
        this.end = now + timeouts.total().toNanos();
        this.next = now + timeouts.firstToken().toNanos();
    }

    /// Notes that a token came.
    void progressed() {
        begun = true;
        next = System.nanoTime() + timeouts.idle().toNanos();
    }

    /// Waits only a little longer.
    void endIn(Duration moment) {
        long soon = System.nanoTime() + moment.toNanos();
        end = end - soon < 0 ? end : soon;
    }

    /// Gives the moment to give up, by [System#nanoTime].
    long deadline() {
        return streaming && next - end < 0 ? next : end;
    }

    Kind passed() {
        if (!streaming || System.nanoTime() - end >= 0) {
            return Kind.TOTAL_TIMEOUT;
        }
        return begun ? Kind.IDLE_TIMEOUT : Kind.FIRST_TOKEN_TIMEOUT;
    }

    String words() {
        return switch (passed()) {
            case IDLE_TIMEOUT -> "sent nothing more for " + timeouts.idle().toMillis() + " ms";
            case FIRST_TOKEN_TIMEOUT ->
                "sent no first token within " + timeouts.firstToken().toMillis() + " ms";
            default -> "was not done within " + timeouts.total().toMillis() + " ms";
        };
    }
}

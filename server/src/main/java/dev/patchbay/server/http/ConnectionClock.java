package dev.patchbay.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps the deadlines of one connection with one timer that is set rarely: a request that arrives whole and is
/// answered costs no timer. All calls come from the connection's event loop.
final class ConnectionClock implements Runnable {

    static final long NEVER = Long.MAX_VALUE;

    private final ConnectionGuard guard;
    private final long headTime;
    private final long bodyTime;
    private final long idleTime;
    private final long stallTime;
    private final long origin = System.nanoTime();
    private final List<Reply> replies = new ArrayList<>(1);

    private @Nullable Future<?> timer;
    private long timerAt = NEVER;
    private long waitingUntil;
    private boolean began;
    private boolean partialHead;
    private int bodies;

    ConnectionClock(ConnectionGuard guard, HttpSettings settings) {
        this.guard = guard;
        headTime = settings.request().headTime().toNanos();
        bodyTime = settings.request().bodyTime().toNanos();
        idleTime = settings.connection().idleTime().toNanos();
        stallTime = settings.connection().stallTime().toNanos();
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    void start() {
        waitingUntil = now() + headTime;
        set(waitingUntil);
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
        timerAt = 0;
    }

    void becomesIdle() {
        waitingUntil = now() + idleTime;
    }

    void begin(Reply reply) {
        began = true;
        partialHead = false;
        reply.place = replies.size();
        replies.add(reply);
    }

    /// Removes in constant time: the last one takes the place.
    void end(Reply reply) {
        Reply last = replies.removeLast();
        if (last != reply) {
            replies.set(reply.place, last);
            last.place = reply.place;
        }
        if (replies.isEmpty()) {
            becomesIdle();
        }
    }

    /// A body is waited for from here to [#bodyEnds].
    void bodyBegins() {
        bodies++;
    }

    void bodyEnds() {
        bodies--;
    }

    /// A deadline by which the client must have taken an answer.
    long takenBy() {
        return now() + stallTime;
    }

    /// Whether an answer has begun that nothing may be written into.
    boolean isAnswering() {
        return !replies.isEmpty() && !replies.getFirst().isOpen();
    }

    void readComplete(boolean http2) {
        if (bodies > 0) {
            long deadline = now() + bodyTime;
            for (Reply reply : replies) {
                if (reply.isReading() && reply.deadline == NEVER) {
                    reply.deadline = deadline;
                    set(deadline);
                }
            }
        } else if (!began && !http2 && !partialHead && replies.isEmpty()) {
            partialHead = true;
            waitingUntil = Math.min(waitingUntil, now() + headTime);
            set(waitingUntil);
        }
        began = false;
    }

    @Override
    public void run() {
        long now = now();
        timerAt = NEVER;
        long next = now + Math.min(idleTime, stallTime);
        if (replies.isEmpty()) {
            if (waitingUntil <= now) {
                guard.close();
                return;
            }
            next = Math.min(next, waitingUntil);
        }
        for (Reply reply : List.copyOf(replies)) {
            if (reply.deadline <= now) {
                reply.late();
            } else {
                next = Math.min(next, reply.deadline);
            }
        }
        set(next);
    }

    private void set(long at) {
        if (at < timerAt) {
            if (timer != null) {
                timer.cancel(false);
            }
            timerAt = at;
            timer = guard.executor().schedule(this, Math.max(0, at - now()), TimeUnit.NANOSECONDS);
        }
    }
}

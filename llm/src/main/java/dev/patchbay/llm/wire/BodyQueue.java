package dev.patchbay.llm.wire;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The body of an answer, taken piece by piece by a thread that knows how long it wants to wait. It asks for the
/// next piece only when one was taken, so that a slow reader slows the sender. Closing it ends the exchange.
final class BodyQueue implements HttpResponse.BodySubscriber<BodyQueue>, AutoCloseable {

    private static final ByteBuffer END = ByteBuffer.allocate(0);
    private static final Flow.Subscription CLOSED = new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    private final LinkedBlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
    private final ArrayDeque<ByteBuffer> taken = new ArrayDeque<>();
    private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();
    private volatile @Nullable Throwable failure;
    private boolean ended;

    @Override
    public CompletionStage<BodyQueue> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (subscription.compareAndSet(null, given)) {
            given.request(1);
        } else {
            given.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        arrived.add(buffers);
    }

    @Override
    public void onError(Throwable cause) {
        failure = cause;
        arrived.add(List.of(END));
    }

    @Override
    public void onComplete() {
        arrived.add(List.of(END));
    }

    /// Waits for the next piece.
    ///
    /// @param deadline by [System#nanoTime]
    /// @return null at the end
    /// @throws IOException if the body broke off
    /// @throws DeadlinePassed if nothing came in time
    @Nullable
    ByteBuffer next(long deadline) throws IOException, InterruptedException, DeadlinePassed {
        while (true) {
            ByteBuffer piece = taken.poll();
            if (piece == END) {
                ended = true;
            } else if (piece != null && piece.hasRemaining()) {
                return piece;
            }
            if (ended) {
                Throwable cause = failure;
                if (cause != null) {
                    throw new IOException("the connection broke", cause);
                }
                return null;
            }
            if (taken.isEmpty()) {
                await(deadline);
            }
        }
    }

    private void await(long deadline) throws InterruptedException, DeadlinePassed {
        List<ByteBuffer> pieces = arrived.poll();
        if (pieces == null) {
            pieces = arrived.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        if (pieces == null) {
            throw new DeadlinePassed();
        }
        taken.addAll(pieces);
        Flow.Subscription source = subscription.get();
        if (source != null) {
            source.request(1);
        }
    }

    @Override
    public void close() {
        Flow.Subscription source = subscription.getAndSet(CLOSED);
        if (source != null) {
            source.cancel();
        }
    }

    /// Nothing came in time.
    static final class DeadlinePassed extends Exception {
        private static final long serialVersionUID = 1L;

        DeadlinePassed() {
            super("nothing came in time", null, false, false);
        }
    }
}

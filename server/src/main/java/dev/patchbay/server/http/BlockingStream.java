package dev.patchbay.server.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets plain code write at the pace of the reader. Parts that are written before the event loop came to the one before
/// go with it, in one write to the socket.
final class BlockingStream implements AnswerStream {

    /// More than this is not written ahead of the event loop.
    private static final int MOST_WAITING = 16 << 10;

    private final Reply reply;
    private final HttpServerResponse response;
    private final long stallTime;
    private final Semaphore wake = new Semaphore(0);
    /// Parts on their way to the event loop, which is told of the first of them. Guarded by this object's monitor.
    private List<byte[]> waiting = new ArrayList<>();
    private int waitingBytes;

    BlockingStream(Reply reply, HttpServerResponse response, long stallTime) {
        this.reply = reply;
        this.response = response;
        this.stallTime = stallTime;
        response.drainHandler(drained -> wake.release());
    }

    void wake() {
        wake.release();
    }

    @Override
    public void write(byte[] part) throws ClientGoneException, InterruptedException {
        requireReader();
        if (add(part)) {
            reply.inLoop(this::send);
        }
        long deadline = System.nanoTime() + stallTime;
        while (!reply.isGone() && isFull()) {
            wake.drainPermits();
            if (!reply.isGone() && isFull()) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || !wake.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                    reply.breakOff();
                    throw new ClientGoneException("the client took nothing for "
                            + TimeUnit.NANOSECONDS.toMillis(stallTime) + " ms and was cut off");
                }
            }
        }
        requireReader();
    }

    /// @return whether nothing waited before
    private synchronized boolean add(byte[] part) {
        waiting.add(part);
        waitingBytes += part.length;
        return waiting.size() == 1;
    }

    private boolean isFull() {
        synchronized (this) {
            if (waitingBytes > MOST_WAITING) {
                return true;
            }
        }
        return response.writeQueueFull();
    }

    /// Sends what waits. On the event loop, after the head.
    private void send() {
        byte[][] parts;
        synchronized (this) {
            parts = waiting.toArray(byte[][]::new);
            waiting = new ArrayList<>();
            waitingBytes = 0;
        }
        if (!reply.isGone()) {
            response.write(BufferInternal.buffer(Unpooled.wrappedBuffer(parts)));
        }
        wake.release();
    }

    private void requireReader() throws ClientGoneException {
        if (reply.isGone()) {
            throw new ClientGoneException("the client has gone");
        }
    }

    @Override
    public void end() {
        reply.endStream(AnswerHeaders.none());
    }

    @Override
    public void end(AnswerHeaders trailers) {
        reply.endStream(trailers);
    }
}

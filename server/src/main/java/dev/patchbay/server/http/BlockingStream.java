package dev.patchbay.server.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets plain code write at the pace of the reader.
final class BlockingStream implements AnswerStream {

    private final Reply reply;
    private final HttpServerResponse response;
    private final long stallTime;
    private final Semaphore wake = new Semaphore(0);
    private final CountDownLatch begun = new CountDownLatch(1);

    BlockingStream(Reply reply, HttpServerResponse response, long stallTime) {
        this.reply = reply;
        this.response = response;
        this.stallTime = stallTime;
        response.drainHandler(drained -> wake.release());
    }

    /// The head is sent; from here on parts may follow.
    void begun() {
        begun.countDown();
    }

    void wake() {
        wake.release();
    }

    @Override
    public void write(byte[] part) throws ClientGoneException, InterruptedException {
        begun.await();
        requireReader();
        response.write(BufferInternal.buffer(Unpooled.wrappedBuffer(part)));
        long deadline = System.nanoTime() + stallTime;
        while (!reply.isGone() && response.writeQueueFull()) {
            wake.drainPermits();
            if (!reply.isGone() && response.writeQueueFull()) {
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

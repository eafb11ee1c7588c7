package dev.patchbay.server.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Lets plain code read a body at its own pace.
final class IncomingBody implements BodyStream, Handler<Buffer> {

    private static final byte[] END = {};
    private static final byte[] GONE = {};

    private final ConnectionGuard guard;
    private final HttpServerRequest request;
    private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
    private byte @Nullable [] last;

    IncomingBody(ConnectionGuard guard, HttpServerRequest request) {
        this.guard = guard;
        this.request = request;
        request.pause();
        request.handler(this);
        request.endHandler(end -> arrived.add(END));
        request.exceptionHandler(broken -> arrived.add(GONE));
    }

    @Override
    public void handle(Buffer piece) {
        arrived.add(piece.getBytes());
    }

    void gone() {
        arrived.add(GONE);
    }

    @Override
    public byte @Nullable [] next() throws ClientGoneException, InterruptedException {
        byte[] piece = last;
        if (piece == null) {
            guard.executor().execute(() -> request.fetch(1));
            piece = arrived.take();
        }
        if (piece == END || piece == GONE) {
            last = piece;
            if (piece == GONE) {
                throw new ClientGoneException("the client has gone");
            }
            return null;
        }
        return piece;
    }
}

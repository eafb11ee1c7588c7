package dev.patchbay.server.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.function.Consumer;

/// Collects one body up to the limit. What is declared is not believed: memory is taken as bytes arrive.
final class RequestBody implements Handler<Buffer> {

    static final byte[] EMPTY = {};
    private static final int FIRST_PIECE = 16 << 10;

    private final Listening listening;
    private final Reply reply;
    private final Consumer<byte[]> whenComplete;
    private final int declared;
    private byte[] bytes = EMPTY;
    private int length;

    RequestBody(Listening listening, Reply reply, int declared, Consumer<byte[]> whenComplete) {
        this.listening = listening;
        this.reply = reply;
        this.declared = declared;
        this.whenComplete = whenComplete;
    }

    void readFrom(HttpServerRequest request) {
        reply.bodyBegins();
        request.handler(this);
        request.endHandler(end -> complete());
        request.exceptionHandler(broken -> reply.bodyEnds());
    }

    @Override
    public void handle(Buffer piece) {
        if (!reply.isReading()) {
            return;
        }
        int needed = length + piece.length();
        if (needed > listening.settings().request().bodyBytes()) {
            reply.bodyEnds();
            reply.refuse(tooLarge(listening, reply.path()));
            return;
        }
        if (needed > bytes.length) {
            int first = Math.min(declared, FIRST_PIECE);
            bytes = Arrays.copyOf(bytes, Math.max(needed, Math.max(first, length * 2)));
        }
        piece.getBytes(bytes, length);
        length = needed;
    }

    private void complete() {
        if (reply.isReading()) {
            reply.bodyEnds();
            whenComplete.accept(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
        }
    }

    static Answer tooLarge(Listening listening, String path) {
        String detail =
                "The body is longer than " + listening.settings().request().bodyBytes() + " bytes.";
        return listening.refusals().answer(Refusal.PAYLOAD_TOO_LARGE, path, detail);
    }
}

package dev.patchbay.server.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Completable;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The answering half of an exchange: one answer, from any thread, written on the connection's event loop.
final class Reply implements Runnable, Completable<Void> {

    private static final Logger log = LoggerFactory.getLogger(Reply.class);
    private static final Runnable GONE_ALREADY = () -> {};

    private static final int OPEN = 0;
    private static final int ANSWERED = 1;
    private static final int STREAMING = 2;
    private static final int GONE = 3;

    private final ConnectionGuard guard;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final AtomicInteger state = new AtomicInteger();
    private final AtomicReference<@Nullable Runnable> cancelAction = new AtomicReference<>();
    private @Nullable Answer answer;
    private volatile @Nullable BlockingStream stream;
    private volatile @Nullable Runnable reader;

    // the event loop's own
    int place;
    long deadline = ConnectionClock.NEVER;
    private boolean reading;
    private boolean ended;
    private boolean lastOfConnection;

    Reply(ConnectionGuard guard, HttpServerRequest request) {
        this.guard = guard;
        this.request = request;
        this.response = request.response();
    }

    void begin() {
        response.closeHandler(closed -> gone());
        response.exceptionHandler(broken -> gone());
        guard.clock().begin(this);
    }

    void bodyBegins() {
        reading = true;
        guard.clock().bodyBegins();
    }

    void bodyEnds() {
        if (reading) {
            reading = false;
            deadline = ConnectionClock.NEVER;
            guard.clock().bodyEnds();
        }
    }

    boolean isReading() {
        return reading;
    }

    String path() {
        String path = request.path();
        return path == null ? "" : path;
    }

    boolean isOpen() {
        return state.get() == OPEN;
    }

    boolean isGone() {
        return state.get() == GONE;
    }

    /// Names who waits for more of the body.
    void onGone(Runnable waiting) {
        reader = waiting;
    }

    void onCancel(Runnable action) {
        if (!cancelAction.compareAndSet(null, action)) {
            if (cancelAction.get() != GONE_ALREADY) {
                throw new IllegalStateException("a cancel action is named already");
            }
            action.run();
        }
    }

    void respond(Answer given) {
        if (state.compareAndSet(OPEN, ANSWERED)) {
            answer = given;
            if (guard.inLoop()) {
                run();
            } else {
                guard.executor().execute(this);
            }
        } else if (!isGone()) {
            log.error(
                    "{} {} was answered already; a second answer, {}, was dropped",
                    request.method().name(),
                    request.path(),
                    given.status());
        }
    }

    void failed(Throwable cause) {
        Answer error = internalError(cause);
        if (state.get() == STREAMING) {
            breakOff();
        } else if (state.get() == OPEN) {
            respond(error);
        }
    }

    private Answer internalError(Throwable cause) {
        String id = UUID.randomUUID().toString();
        log.error("{} {} failed, error id {}", request.method().name(), request.path(), id, cause);
        return guard.listening().refusals().answer(Refusal.INTERNAL_ERROR, path(), id);
    }

    /// Answers before the request was read to its end, and reads no more of it. On the event loop.
    void refuse(Answer refusal) {
        if (guard.isHttp2()) {
            respond(refusal);
            guard.executor().execute(this::stopReading);
        } else if (state.compareAndSet(OPEN, ANSWERED)) {
            guard.refuse(refusal);
            end();
        }
    }

    private void stopReading() {
        if (!request.isEnded()) {
            guard.reset(response.streamId(), Http2Error.NO_ERROR);
        }
    }

    AnswerStream startStream(int status, AnswerHeaders headers) {
        if (!state.compareAndSet(OPEN, STREAMING) && !isGone()) {
            throw new IllegalStateException("the request was answered already");
        }
        long stallTime = guard.listening().settings().connection().stallTime().toNanos();
        BlockingStream started = new BlockingStream(this, response, stallTime);
        stream = started;
        if (guard.inLoop()) {
            begin(status, headers);
        } else {
            guard.executor().execute(() -> begin(status, headers));
        }
        return started;
    }

    private void begin(int status, AnswerHeaders headers) {
        try {
            if (!isGone()) {
                // HTTP/1.0 marks the end of a stream by closing
                lastOfConnection = guard.finishFor(request.version() == HttpVersion.HTTP_1_0);
                writeHead(status, headers);
                if (request.version() != HttpVersion.HTTP_1_0) {
                    response.setChunked(true);
                    response.writeHead();
                }
            }
        } catch (IllegalArgumentException unsendable) {
            failed(unsendable);
        }
    }

    /// Does something on the event loop, after what it was given before.
    void inLoop(Runnable action) {
        guard.executor().execute(action);
    }

    void endStream(AnswerHeaders trailers) {
        guard.executor().execute(() -> {
            if (state.compareAndSet(STREAMING, ANSWERED)) {
                trailers.forEach(response::putTrailer);
                deadline = guard.clock().takenBy();
                response.end().onComplete(this);
            }
        });
    }

    /// Writes the answer.
    @Override
    public void run() {
        Answer given = Objects.requireNonNull(answer);
        try {
            write(given);
        } catch (IllegalArgumentException unsendable) {
            response.headers().clear();
            write(internalError(unsendable));
        }
    }

    private void write(Answer given) {
        if (ended) {
            return;
        }
        lastOfConnection = guard.finishFor(false);
        writeHead(given.status(), given.headers());
        AnswerHeaders trailers = given.trailers();
        if (trailers != null) {
            trailers.forEach(response::putTrailer);
        }
        deadline = guard.clock().takenBy();
        response.end(BufferInternal.buffer(Unpooled.wrappedBuffer(given.body())))
                .onComplete(this);
    }

    private void writeHead(int status, AnswerHeaders headers) {
        response.setStatusCode(status);
        headers.forEach(response.headers()::add);
        if (lastOfConnection) {
            response.putHeader("connection", "close");
        }
    }

    /// The answer has been taken over by the operating system, or never will be.
    @Override
    public void complete(@Nullable Void nothing, @Nullable Throwable failure) {
        end();
        if (lastOfConnection) {
            guard.halfClose();
        }
    }

    private void gone() {
        int before = state.getAndSet(GONE);
        if (before == OPEN || before == STREAMING) {
            Runnable action = cancelAction.getAndSet(GONE_ALREADY);
            if (action != null) {
                action.run();
            }
            BlockingStream writing = stream;
            if (writing != null) {
                writing.wake();
            }
            Runnable reading = reader;
            if (reading != null) {
                reading.run();
            }
        }
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            bodyEnds();
            guard.clock().end(this);
        }
    }

    /// The deadline has passed.
    void late() {
        if (reading) {
            bodyEnds();
            refuse(guard.listening()
                    .refusals()
                    .answer(Refusal.REQUEST_TIMEOUT, path(), "The body did not arrive in time."));
        } else {
            breakOff();
        }
    }

    /// Gives the answer up so that the client sees that it is not complete.
    void breakOff() {
        guard.executor().execute(() -> {
            if (guard.isHttp2()) {
                guard.reset(response.streamId(), Http2Error.CANCEL);
            } else {
                guard.cut();
            }
        });
    }
}

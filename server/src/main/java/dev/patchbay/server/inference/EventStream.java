package dev.patchbay.server.inference;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.PartStream;
import dev.patchbay.core.cache.CacheResult;
import dev.patchbay.core.execution.CancelSignal;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.AnswerStream;
import dev.patchbay.server.http.ClientGoneException;
import dev.patchbay.server.http.HttpExchange;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An answer as server-sent events: any number of parts, then exactly one result with the whole answer, or one error.
/// A stream without either was cut. The status is held back until the first event, so that a call that fails before
/// is a plain error.
public final class EventStream implements PartStream {

    private final HttpExchange exchange;
    private final String requestId;
    private final CancelSignal cancel;
    private final Framing framing;
    /// One event at a time: the end may come from another thread while a part waits for its reader.
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Resolution resolution;
    private CacheResult cache = CacheResult.NONE;
    private @Nullable AnswerStream stream;

    /// Makes a stream for one exchange.
    ///
    /// @param cancel told when the caller is gone
    public EventStream(HttpExchange exchange, String requestId, CancelSignal cancel, Framing framing) {
        this.exchange = exchange;
        this.framing = framing;
        this.requestId = requestId;
        this.cancel = cancel;
    }

    @Override
    public void routed(Resolution chosen) {
        resolution = chosen;
    }

    @Override
    public void part(byte[] json) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            byte[] event = framing.part(json);
            if (event.length > 0) {
                started().write(event);
            }
        } catch (ClientGoneException e) {
            cancel.cancel();
            throw new InferenceException(ErrorCode.CANCELLED, "The caller went away while it was being answered");
        } finally {
            lock.unlock();
        }
    }

    /// Ends with the whole answer.
    ///
    /// @param from where it came from
    public void result(byte[] json, CacheResult from) {
        cache = from;
        last(framing.result(json));
    }

    /// Ends with an error: as an answer of its own if nothing was sent yet, otherwise as the last event.
    public void failed(Answer asAnswer, InferenceException error) {
        lock.lock();
        try {
            if (stream == null) {
                exchange.respond(asAnswer);
                return;
            }
        } finally {
            lock.unlock();
        }
        if (error.code() != ErrorCode.CANCELLED) {
            last(framing.error(asAnswer.body()));
        }
    }

    private void last(byte[] event) {
        lock.lock();
        try {
            AnswerStream out = started();
            out.write(event);
            out.end();
        } catch (ClientGoneException e) {
            cancel.cancel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private AnswerStream started() {
        AnswerStream out = stream;
        if (out == null) {
            AnswerHeaders headers = InferenceHandler.identity(
                    AnswerHeaders.contentType("text/event-stream").add("cache-control", "no-store"),
                    requestId,
                    resolution);
            if (cache.isShared()) {
                headers.add("inference-cache", cache.label());
            }
            out = exchange.startStream(200, headers);
            stream = out;
        }
        return out;
    }
}

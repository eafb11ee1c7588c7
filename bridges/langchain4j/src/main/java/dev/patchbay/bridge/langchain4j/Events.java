package dev.patchbay.bridge.langchain4j;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import dev.patchbay.llm.chat.Timeouts;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What LangChain4j tells of one answer, on its threads, for the thread that asked. The first end is the end: nothing
/// is
/// taken after it.
final class Events implements StreamingChatResponseHandler {

    private sealed interface Event {}

    private record Piece(Delta delta) implements Event {}

    private record Whole(ChatResponse response) implements Event {}

    private record Broken(Throwable cause) implements Event {}

    private final LinkedBlockingQueue<Event> told = new LinkedBlockingQueue<>();
    private final String provider;
    private final Timeouts timeouts;
    private volatile @Nullable StreamingHandle handle;
    private volatile boolean cancelled;

    Events(String provider, Timeouts timeouts) {
        this.provider = provider;
        this.timeouts = timeouts;
    }

    @Override
    public void onPartialResponse(String piece) {
        told.add(new Piece(new Delta.Text(piece)));
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
        handle = context.streamingHandle();
        if (cancelled) {
            cancel();
        }
        onPartialResponse(piece.text());
    }

    @Override
    public void onPartialThinking(PartialThinking thought) {
        told.add(new Piece(new Delta.Reasoning(thought.text())));
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        told.add(new Whole(response));
    }

    @Override
    public void onError(Throwable cause) {
        told.add(new Broken(cause));
    }

    /// Ends the call at the provider, as far as LangChain4j can.
    void cancel() {
        cancelled = true;
        StreamingHandle open = handle;
        if (open != null) {
            open.cancel();
        }
    }

    /// Hands over pieces until the first end.
    ///
    /// @throws ProviderFailure if that is no answer, or nothing came in time
    ChatResponse take(Consumer<Delta> deltas) throws ProviderFailure, InterruptedException {
        long end = System.nanoTime() + timeouts.total().toNanos();
        long next = System.nanoTime() + timeouts.firstToken().toNanos();
        boolean begun = false;
        while (true) {
            boolean last = end - next <= 0;
            Event event = told.poll((last ? end : next) - System.nanoTime(), TimeUnit.NANOSECONDS);
            switch (event) {
                case null ->
                    throw late(last ? Kind.TOTAL_TIMEOUT : begun ? Kind.IDLE_TIMEOUT : Kind.FIRST_TOKEN_TIMEOUT);
                case Piece(Delta delta) -> {
                    begun = true;
                    next = System.nanoTime() + timeouts.idle().toNanos();
                    deltas.accept(delta);
                }
                case Whole(ChatResponse response) -> {
                    return response;
                }
                case Broken(Throwable cause) -> throw broken(cause);
            }
        }
    }

    private ProviderFailure late(Kind kind) {
        String words = switch (kind) {
            case TOTAL_TIMEOUT ->
                "was not done within %d ms".formatted(timeouts.total().toMillis());
            case IDLE_TIMEOUT ->
                "sent nothing more for %d ms".formatted(timeouts.idle().toMillis());
            default ->
                "sent no first token within %d ms"
                        .formatted(timeouts.firstToken().toMillis());
        };
        return new ProviderFailure(kind, provider, "Provider '%s' %s".formatted(provider, words), null, null, null);
    }

    /// The message stays in the log: it may hold what was asked, or a key.
    private ProviderFailure broken(Throwable cause) {
        Kind kind = switch (cause) {
            case RateLimitException _ -> Kind.RATE_LIMITED;
            case AuthenticationException _ -> Kind.KEY_REFUSED;
            case ModelNotFoundException _ -> Kind.UNKNOWN_MODEL;
            case ContentFilteredException _ -> Kind.CONTENT_FILTERED;
            case InvalidRequestException _, UnsupportedFeatureException _ -> Kind.BAD_REQUEST;
            case InternalServerException _ -> Kind.OVERLOADED;
            case UnresolvedModelServerException _ -> Kind.UNREACHABLE;
            case dev.langchain4j.exception.TimeoutException _, TimeoutException _ -> Kind.IDLE_TIMEOUT;
            default -> Kind.CUT;
        };
        return new ProviderFailure(
                kind,
                provider,
                "Provider '%s' failed behind its bridge: %s (%s)"
                        .formatted(provider, kind.label(), cause.getClass().getSimpleName()),
                null,
                null,
                cause);
    }
}

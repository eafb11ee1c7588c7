package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The body of one answer with the limits it is read under. Used by one thread.
final class Body {

    private final BodyQueue queue;
    private final Patience patience;
    private final String provider;
    private final long mostBytes;
    private @Nullable ByteBuffer current;
    private long read;

    Body(BodyQueue queue, Patience patience, String provider, long mostBytes) {
        this.queue = queue;
        this.patience = patience;
        this.provider = provider;
        this.mostBytes = mostBytes;
    }

    /// Reads everything.
    byte[] all() throws ProviderFailure, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ByteBuffer piece = next(); piece != null; piece = next()) {
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            bytes.writeBytes(copy);
        }
        return bytes.toByteArray();
    }

    /// Reads up to a line's end.
    ///
    /// @return null at the end; what comes after the last line's end is no line
    byte @Nullable [] line() throws ProviderFailure, InterruptedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        while (true) {
            ByteBuffer piece = current != null && current.hasRemaining() ? current : next();
            current = piece;
            if (piece == null) {
                return null;
            }
            while (piece.hasRemaining()) {
                byte b = piece.get();
                if (b == '\n') {
                    return line.toByteArray();
                }
                line.write(b);
            }
        }
    }

    static ProviderFailure cut(String provider, Throwable cause) {
        return new ProviderFailure(
                Kind.CUT,
                provider,
                "The connection to provider '%s' broke before its answer was whole".formatted(provider),
                null,
                null,
                cause);
    }

    static String text(byte[] bytes, String provider) throws ProviderFailure {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProviderFailure(
                    Kind.GARBLED, provider, "Provider '" + provider + "' sent bytes that are no UTF-8", null, null, e);
        }
    }

    private @Nullable ByteBuffer next() throws ProviderFailure, InterruptedException {
        try {
            ByteBuffer piece = queue.next(patience.deadline());
            if (piece != null) {
                read += piece.remaining();
                if (read > mostBytes) {
                    throw new ProviderFailure(
                            Kind.TOO_LARGE,
                            provider,
                            "Provider '%s' sent more than %d bytes; llm.providers.%s.most_bytes allows more"
                                    .formatted(provider, mostBytes, provider),
                            null,
                            null,
                            null);
                }
            }
            return piece;
        } catch (IOException e) {
            throw cut(provider, e);
        } catch (BodyQueue.DeadlinePassed e) {
            throw new ProviderFailure(
                    patience.passed(),
                    provider,
                    "Provider '%s' %s".formatted(provider, patience.words()),
                    null,
                    null,
                    e);
        }
    }
}

package dev.patchbay.llm.wire;

import dev.patchbay.llm.chat.ProviderFailure;
import dev.patchbay.llm.chat.ProviderFailure.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The body of one answer with the limits it is read under. Used by one thread.
final class Body {

    private final InputStream in;
    private final Broken broken;
    private final String provider;
    private final long mostBytes;
    private final byte[] buffer = new byte[8192];
    private int from;
    private int to;
    private long read;

    /// Says why a body could not be read.
    interface Broken {

        /// @throws InterruptedException if the reader is to stop
        ProviderFailure by(IOException cause) throws InterruptedException;
    }

    Body(InputStream in, Broken broken, String provider, long mostBytes) {
        this.in = in;
        this.broken = broken;
        this.provider = provider;
        this.mostBytes = mostBytes;
    }

    /// Reads everything.
    byte[] all() throws ProviderFailure, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (fill()) {
            bytes.write(buffer, from, to - from);
            from = to;
        }
        return bytes.toByteArray();
    }

    /// Reads up to a line's end.
    ///
    /// @return null at the end; what comes after the last line's end is no line
    byte @Nullable [] line() throws ProviderFailure, InterruptedException {
        byte[] before = null;
        while (true) {
            if (from == to && !fill()) {
                return null;
            }
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            byte[] piece = Arrays.copyOfRange(buffer, from, end);
            byte[] line = before == null ? piece : joined(before, piece);
            if (end < to) {
                from = end + 1;
                return line;
            }
            from = to;
            before = line;
        }
    }

    private static byte[] joined(byte[] before, byte[] piece) {
        byte[] joined = Arrays.copyOf(before, before.length + piece.length);
        System.arraycopy(piece, 0, joined, before.length, piece.length);
        return joined;
    }

    /// Decodes text, and takes no bytes that are none.
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

    /// Reads what is there, and waits if that is nothing.
    ///
    /// @return whether there was more
    private boolean fill() throws ProviderFailure, InterruptedException {
        int got;
        try {
            got = in.read(buffer);
        } catch (IOException e) {
            throw broken.by(e);
        }
        from = 0;
        to = Math.max(0, got);
        read += to;
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
        return got >= 0;
    }
}

package dev.patchbay.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads HTTP/1.1 answers one after the other; nothing may be pipelined behind the one being read.
final class AnswerReader {
    private final ReadableByteChannel channel;
    private byte[] buffer = new byte[16 * 1024];
    private int filled;

    AnswerReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    Answer read() throws IOException {
        filled = 0;
        int headEnd = find("\r\n\r\n", 0);
        String head = new String(buffer, 0, headEnd, StandardCharsets.ISO_8859_1);
        if (!head.startsWith("HTTP/1.") || head.length() < 12) {
            throw new IOException(
                    "not an HTTP/1 answer: " + head.lines().findFirst().orElse(""));
        }
        int status = Integer.parseInt(head, 9, 12, 10);
        return new Answer(status, head, content(status, head, headEnd + 4));
    }

    private byte[] content(int status, String head, int start) throws IOException {
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        @Nullable String length = Answer.header(head, "content-length");
        if (length != null) {
            int end = start + Integer.parseInt(length);
            fillTo(end);
            return Arrays.copyOfRange(buffer, start, end);
        }
        if ("chunked".equalsIgnoreCase(Answer.header(head, "transfer-encoding"))) {
            return chunks(start);
        }
        throw new IOException("an answer of unknown length: " + head);
    }

    private byte[] chunks(int start) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream(256);
        int position = start;
        while (true) {
            int lineEnd = find("\r\n", position);
            String line = new String(buffer, position, lineEnd - position, StandardCharsets.ISO_8859_1);
            int extension = line.indexOf(';');
            int size = Integer.parseInt((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
            int chunk = lineEnd + 2;
            fillTo(chunk + size + 2);
            if (size == 0) {
                return content.toByteArray();
            }
            content.write(buffer, chunk, size);
            position = chunk + size + 2;
        }
    }

    private int find(String ascii, int from) throws IOException {
        for (int at = from; ; at++) {
            fillTo(at + ascii.length());
            if (matches(ascii, at)) {
                return at;
            }
        }
    }

    private boolean matches(String ascii, int at) {
        for (int i = 0; i < ascii.length(); i++) {
            if (buffer[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void fillTo(int end) throws IOException {
        while (filled < end) {
            if (end > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.max(end, 2 * buffer.length));
            }
            int read = channel.read(ByteBuffer.wrap(buffer, filled, buffer.length - filled));
            if (read < 0) {
                throw new EOFException("the server closed the connection after " + filled + " bytes of the answer");
            }
            filled += read;
        }
    }
}

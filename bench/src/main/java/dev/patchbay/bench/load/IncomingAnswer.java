package dev.patchbay.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 answer as its bytes come in; nothing may be pipelined behind it. Of an answer with a declared length
/// nothing is looked at but the status and the head's ends of lines: what the driver spends, servers do not get.
final class IncomingAnswer {
    private static final int UNKNOWN = -1;
    private static final String LENGTH = "content-length:";
    private static final String CHUNKED = "transfer-encoding: chunked";
    private static final String CLOSE = "connection: close";

    private ByteBuffer bytes = ByteBuffer.allocateDirect(16 * 1024);
    private int lineStart;
    private int scanned;
    private int contentStart;
    private int length;
    private boolean chunked;
    private boolean closes;

    /// Forgets the answer, for the next one.
    void clear() {
        bytes.clear();
        lineStart = 0;
        scanned = 0;
        contentStart = UNKNOWN;
        length = UNKNOWN;
        chunked = false;
        closes = false;
    }

    /// Reads what is there, on a blocking channel something.
    ///
    /// @return whether the answer is complete
    boolean readFrom(ReadableByteChannel channel) throws IOException {
        if (!bytes.hasRemaining()) {
            bytes = ByteBuffer.allocateDirect(2 * bytes.capacity()).put(bytes.flip());
        }
        if (channel.read(bytes) < 0) {
            throw new EOFException(
                    "the server closed the connection after " + bytes.position() + " bytes of the answer");
        }
        if (contentStart == UNKNOWN && !readHead()) {
            return false;
        }
        return chunked ? endOfChunks(null) : bytes.position() >= contentStart + length;
    }

    private boolean readHead() throws IOException {
        int end = bytes.position();
        while (scanned < end) {
            if (bytes.get(scanned++) == '\n') {
                if (scanned - lineStart <= 2) {
                    contentStart = scanned;
                    headEnds();
                    return true;
                }
                line();
                lineStart = scanned;
            }
        }
        return false;
    }

    private void line() throws IOException {
        if (lineStart == 0) {
            if (!begins("http/1.") || scanned < 12) {
                throw new IOException(
                        "not an HTTP/1 answer: " + text(0, scanned).strip());
            }
        } else if (begins(LENGTH)) {
            length = Integer.parseInt(text(lineStart + LENGTH.length(), scanned).strip());
        } else if (begins(CHUNKED)) {
            chunked = true;
        } else if (begins(CLOSE)) {
            closes = true;
        }
    }

    /// @param lower in lower case
    private boolean begins(String lower) {
        if (scanned - lineStart < lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (Character.toLowerCase((char) bytes.get(lineStart + i)) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void headEnds() throws IOException {
        if (status() == 204 || status() == 304) {
            length = 0;
            chunked = false;
        } else if (length == UNKNOWN && !chunked) {
            throw new IOException("an answer of unknown length: " + text(0, contentStart));
        }
    }

    /// Walks over the chunks from the first one.
    ///
    /// @param content takes what is in them; null only to see whether all are there
    private boolean endOfChunks(@Nullable StringBuilder content) {
        int at = contentStart;
        while (true) {
            int line = at;
            while (line < bytes.position() && bytes.get(line) != '\n') {
                line++;
            }
            if (line >= bytes.position()) {
                return false;
            }
            int size = Integer.parseInt(text(at, line).split(";", 2)[0].strip(), 16);
            int next = line + 1 + size + 2;
            if (next > bytes.position()) {
                return false;
            }
            if (size == 0) {
                return true;
            }
            if (content != null) {
                content.append(text(line + 1, line + 1 + size));
            }
            at = next;
        }
    }

    private String text(int from, int to) {
        byte[] part = new byte[to - from];
        bytes.get(from, part);
        return new String(part, StandardCharsets.ISO_8859_1);
    }

    /// Gives the status, once the first line is there.
    int status() {
        return (bytes.get(9) - '0') * 100 + (bytes.get(10) - '0') * 10 + bytes.get(11) - '0';
    }

    /// Tells whether the server closes the connection behind it.
    boolean closes() {
        return closes;
    }

    /// Gives the whole answer, once it is complete.
    Answer answer() {
        byte[] content;
        if (chunked) {
            StringBuilder joined = new StringBuilder();
            endOfChunks(joined);
            content = joined.toString().getBytes(StandardCharsets.ISO_8859_1);
        } else {
            content = new byte[length];
            bytes.get(contentStart, content);
        }
        return new Answer(status(), text(0, contentStart - 4), content);
    }
}

package dev.patchbay.runtime.python;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Frames over a socket: the length in four bytes, big-endian, and then that many bytes of JSON.
///
/// **Threading.** One thread reads. What is written is taken by a thread of its own, because an interrupt of a thread
/// that is inside a channel closes the channel, and calls are interrupted.
final class Frames implements AutoCloseable {

    static final JsonMapper MAPPER = new JsonMapper();
    private static final int HEAD = 4;
    private static final int MOST_AT_START = 1 << 20;

    private final SocketChannel channel;
    private final LinkedBlockingQueue<ByteBuffer> waiting = new LinkedBlockingQueue<>();
    private final Thread writer;
    private final ByteBuffer head = ByteBuffer.allocate(HEAD);
    /// The longest frame that is taken.
    private volatile int limit = MOST_AT_START;

    Frames(SocketChannel channel, String name) {
        this.channel = channel;
        this.writer = Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name(name + "-writer")
                .unstarted(this::writeAll);
        writer.setContextClassLoader(Frames.class.getClassLoader());
        writer.start();
    }

    void limit(int bytes) {
        limit = bytes;
    }

    /// A frame that is longer than may be sent.
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;

        TooLong(int length, int most) {
            super("%d bytes of JSON, but at most %d are sent (python.max_frame)".formatted(length, most));
        }
    }

    /// Sends a frame; returns before it is written.
    void write(Map<String, ?> frame) throws TooLong {
        byte[] json = MAPPER.writeValueAsBytes(frame);
        if (json.length > limit) {
            throw new TooLong(json.length, limit);
        }
        waiting.add(ByteBuffer.allocate(HEAD + json.length)
                .putInt(json.length)
                .put(json)
                .flip());
    }

    private void writeAll() {
        try {
            while (true) {
                ByteBuffer frame = waiting.take();
                while (frame.hasRemaining()) {
                    channel.write(frame);
                }
            }
        } catch (IOException | InterruptedException e) {
            // the reader sees the end as well, and tells of it
        }
    }

    /// Waits for the next frame.
    ///
    /// @return null at the end
    /// @throws IOException if what comes is no frame, saying why
    @Nullable
    JsonNode read() throws IOException {
        head.clear();
        if (!fill(head)) {
            return null;
        }
        int length = head.flip().getInt();
        if (length < 0 || length > limit) {
            throw new IOException(
                    "it sent a frame of %d bytes, but at most %d are taken".formatted(length & 0xffffffffL, limit));
        }
        ByteBuffer body = ByteBuffer.allocate(length);
        if (!fill(body)) {
            return null;
        }
        try {
            return MAPPER.readTree(body.array());
        } catch (JacksonException e) {
            throw new IOException("it sent a frame that is no JSON", e);
        }
    }

    private boolean fill(ByteBuffer buffer) throws IOException {
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    return false;
                }
            }
            return true;
        } catch (ClosedChannelException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        writer.interrupt();
        channel.close();
    }
}

package dev.patchbay.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// One keep-alive HTTP/1.1 connection, one call at a time.
public final class Connection implements AutoCloseable {
    private final SocketChannel channel;
    private final IncomingAnswer incoming = new IncomingAnswer();

    private Connection(SocketChannel channel) {
        this.channel = channel;
    }

    public static Connection open(URI target) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(target.getHost(), target.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new Connection(channel);
    }

    /// The bytes of one request; built once, sent many times.
    public static byte[] request(String method, URI target, Map<String, String> headers, String body) {
        return request(method, target, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] request(String method, URI target, Map<String, String> headers, byte[] content) {
        StringBuilder head = new StringBuilder(256)
                .append(method)
                .append(' ')
                .append(target.getRawPath())
                .append(" HTTP/1.1\r\nHost: ")
                .append(target.getRawAuthority())
                .append("\r\n");
        if (content.length > 0) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(content.length)
                    .append("\r\n");
        }
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(start.length + content.length)
                .put(start)
                .put(content)
                .array();
    }

    public Answer call(byte[] request) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(request);
        while (out.hasRemaining()) {
            channel.write(out);
        }
        incoming.clear();
        while (!incoming.readFrom(channel)) {
            // the rest is on its way
        }
        return incoming.answer();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

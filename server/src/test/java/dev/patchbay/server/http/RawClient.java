package dev.patchbay.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client that sends bytes as they are given to it.
final class RawClient implements AutoCloseable {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

    private final Socket socket;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(5_000);
    }

    Socket socket() {
        return socket;
    }

    RawClient send(String bytes) throws IOException {
        return send(bytes.getBytes(ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /// Sends a byte at a time until the other side has closed.
    void trickle(String bytes, long pauseMillis) throws InterruptedException {
        try {
            for (char c : bytes.toCharArray()) {
                send(String.valueOf(c));
                Thread.sleep(pauseMillis);
            }
        } catch (IOException closed) {
            // the other side had enough, which is what the callers look at
        }
    }

    /// All that comes until the server closes; fails when it does not.
    String readToEnd() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        try {
            for (int n; (n = socket.getInputStream().read(piece)) >= 0; ) {
                all.write(piece, 0, n);
            }
        } catch (SocketTimeoutException open) {
            throw new AssertionError("still open after 5 s, having sent: " + all.toString(ISO_8859_1), open);
        } catch (SocketException reset) {
            all.writeBytes(" (reset)".getBytes(ISO_8859_1));
        }
        return all.toString(ISO_8859_1);
    }

    /// One answer with a declared length.
    String readAnswer() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) readByte());
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        int left = length.find() ? Integer.parseInt(length.group(1)) : 0;
        return head + new String(socket.getInputStream().readNBytes(left), ISO_8859_1);
    }

    int readByte() throws IOException {
        int read = socket.getInputStream().read();
        if (read < 0) {
            throw new IOException("closed by the server");
        }
        return read;
    }

    /// The status codes of the answers in a piece of conversation.
    static List<Integer> statuses(String conversation) {
        List<Integer> found = new ArrayList<>();
        Matcher matcher = STATUS.matcher(conversation);
        while (matcher.find()) {
            found.add(Integer.parseInt(matcher.group(1)));
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package dev.patchbay.bench.llm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A provider that says one word, and then waits until it is not asked any more. It tells when that was.
final class HangingProvider implements AutoCloseable {

    private static final String EVENT =
            "data: {\"choices\":[{\"index\":0,\"finish_reason\":null,\"delta\":{\"content\":\"word\"}}]}\n\n";
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n"
                    .formatted(EVENT.length(), EVENT);

    private final ServerSocket server;
    private final LinkedBlockingQueue<Long> left = new LinkedBlockingQueue<>();

    private HangingProvider(ServerSocket server) {
        this.server = server;
    }

    static HangingProvider start() throws IOException {
        HangingProvider provider = new HangingProvider(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(provider::accept);
        return provider;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
    }

    /// Waits until a call was given up.
    ///
    /// @return when, by [System#nanoTime]
    long awaitLeft() throws InterruptedException, IOException {
        Long when = left.poll(10, TimeUnit.SECONDS);
        if (when == null) {
            throw new IOException("the call to the provider was not ended within 10 s");
        }
        return when;
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> hang(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void hang(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            BufferedReader head = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
            while (!head.readLine().isEmpty()) {
                // its body stays unread: it is small
            }
            socket.getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));
            while (head.read() >= 0) {
                // the body
            }
        } catch (IOException e) {
            // a reset is an end as well
        }
        left.add(System.nanoTime());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

package dev.patchbay.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A body over the limit is refused before it is read, or as soon as it is seen to be one.
class LargeBodyTest {

    private static final String POST = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    private static final long GIGABYTE = 1L << 30;
    /// what the kernel's buffers on both sides may hold beside what the server reads
    private static final long EARLY = 32L << 20;

    private final TestServer server = TestServer.recording();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                POST + "Content-Length: 1073741824\r\n\r\n",
                "POST /nobody HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n"
            })
    void aGigabyteIsRefusedEarlyAndTheClientGetsToReadWhy(String head) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send(head);
            CompletableFuture<Long> sent =
                    CompletableFuture.supplyAsync(() -> sendUntilClosed(client, new byte[65536]));
            String conversation = client.readToEnd();
            assertThat(RawClient.statuses(conversation)).hasSize(1).first().isIn(413, 404);
            assertThat(sent.get(10, TimeUnit.SECONDS)).isLessThan(EARLY);
        }
        assertThat(server.executed).isEmpty();
    }

    @Test
    void aGigabyteInChunksIsRefusedEarly() throws Exception {
        byte[] chunk = ("10000\r\n" + "x".repeat(65536) + "\r\n").getBytes(UTF_8);
        try (RawClient client = new RawClient(server.port())) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
            CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> sendUntilClosed(client, chunk));
            String conversation = client.readToEnd();
            assertThat(RawClient.statuses(conversation)).containsExactly(413);
            assertThat(conversation).contains("PAYLOAD_TOO_LARGE: The body is longer than 1048576 bytes.");
            assertThat(sent.get(10, TimeUnit.SECONDS)).isLessThan(EARLY);
        }
        assertThat(server.executed).isEmpty();
    }

    private static long sendUntilClosed(RawClient client, byte[] piece) {
        long sent = 0;
        try {
            while (sent < GIGABYTE) {
                client.send(piece);
                sent += piece.length;
            }
        } catch (IOException closed) {
            // as it should
        }
        return sent;
    }

    @Test
    void aBodyAtTheLimitIsTaken() throws Exception {
        String body = "x".repeat(TestServer.BODY_BYTES);
        try (RawClient client = new RawClient(server.port());
                Http2Client http2 = new Http2Client(server.port())) {
            client.send(POST + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(client.readAnswer()).endsWith("POST 1048576");
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n100000\r\n" + body + "\r\n0\r\n\r\n");
            assertThat(client.readAnswer()).endsWith("POST 1048576");
            assertThat(http2.call("POST", "/echo", body).body()).isEqualTo("POST 1048576");
            assertThat(http2.call("POST", "/echo", body + "x").status()).isEqualTo(413);
        }
    }

    @Test
    void whoAsksFirstIsToldToGoOn() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send(POST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 100 Continue");
            client.send("abc");
            assertThat(client.readAnswer()).endsWith("POST 3");
        }
    }

    @Test
    void anEndlessHttp2BodyIsRefusedAndItsStreamReset() throws Exception {
        try (Http2Client client = new Http2Client(server.port())) {
            HttpClientRequest request = client.request("POST", "/echo").setChunked(true);
            CompletableFuture<Throwable> broken = new CompletableFuture<>();
            AtomicLong sent = new AtomicLong();
            request.exceptionHandler(broken::complete);
            CompletableFuture<HttpClientResponse> response =
                    request.response().toCompletionStage().toCompletableFuture();
            send(request, Buffer.buffer(new byte[65536]), sent);
            assertThat(response.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(413);
            assertThat(broken.get(5, TimeUnit.SECONDS)).isInstanceOfSatisfying(StreamResetException.class, reset -> {
                assertThat(reset.getCode()).isZero();
            });
            assertThat(sent.get()).isLessThan(EARLY);
            assertThat(client.call("POST", "/echo", "abc").body()).isEqualTo("POST 3");
        }
    }

    private static void send(HttpClientRequest request, Buffer piece, AtomicLong sent) {
        request.write(piece).onSuccess(written -> {
            sent.addAndGet(piece.length());
            send(request, piece, sent);
        });
    }

    @Test
    void anHttp2BodyThatDeclaresAGigabyteIsRefusedUnread() throws Exception {
        try (Http2Client client = new Http2Client(server.port())) {
            HttpClientRequest request = client.request("POST", "/echo").putHeader("content-length", "1073741824");
            CompletableFuture<HttpClientResponse> response =
                    request.response().toCompletionStage().toCompletableFuture();
            Http2Client.get(request.sendHead());
            assertThat(response.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(413);
        }
    }
}

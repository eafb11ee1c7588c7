package dev.patchbay.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClientRequest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever leaves is noticed at once, whatever the way out and whatever the call is doing.
class CancellationTest {

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private final TestServer server = new TestServer(
            new Route("POST", "/wait", exchange -> {
                exchange.onCancel(() -> seen.add("cancelled"));
                seen.add("begun");
            }),
            new Route("POST", "/stream", exchange -> {
                exchange.onCancel(() -> seen.add("cancelled"));
                Thread.startVirtualThread(() -> write(exchange));
            }));

    private void write(HttpExchange exchange) {
        AnswerStream stream = exchange.startStream(200, AnswerHeaders.contentType("text/event-stream"));
        seen.add("begun");
        try {
            while (true) {
                stream.write("data: x\n\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                Thread.sleep(5);
            }
        } catch (ClientGoneException gone) {
            seen.add(gone.getMessage());
        } catch (InterruptedException stopped) {
            seen.add("interrupted");
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String next() throws InterruptedException {
        String next = seen.poll(5, TimeUnit.SECONDS);
        return next == null ? "nothing within 5 s" : next;
    }

    enum Leaving {
        FIN,
        RST,
        HALF_CLOSE;

        void leave(RawClient client) throws Exception {
            switch (this) {
                case FIN -> client.close();
                case RST -> {
                    client.socket().setSoLinger(true, 0);
                    client.close();
                }
                case HALF_CLOSE -> client.socket().shutdownOutput();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anHttp1ClientThatLeavesCancelsItsCall(Leaving leaving) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(next()).isEqualTo("begun");
            leaving.leave(client);
            assertThat(next()).isEqualTo("cancelled");
        }
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anHttp1ClientThatLeavesEndsItsStream(Leaving leaving) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(next()).isEqualTo("begun");
            leaving.leave(client);
            assertThat(next()).isEqualTo("cancelled");
            assertThat(next()).isEqualTo("the client has gone");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anHttp2ClientThatLeavesCancelsItsCall(boolean reset) throws Exception {
        try (Http2Client client = new Http2Client(server.port())) {
            HttpClientRequest request = client.request("POST", "/wait");
            request.send();
            assertThat(next()).isEqualTo("begun");
            leave(client, request, reset);
            assertThat(next()).isEqualTo("cancelled");
        }
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anHttp2ClientThatLeavesEndsItsStream(boolean reset) throws Exception {
        try (Http2Client client = new Http2Client(server.port())) {
            HttpClientRequest request = client.request("POST", "/stream");
            Http2Client.get(request.send());
            assertThat(next()).isEqualTo("begun");
            leave(client, request, reset);
            assertThat(next()).isEqualTo("cancelled");
            assertThat(next()).isEqualTo("the client has gone");
        }
    }

    private static void leave(Http2Client client, HttpClientRequest request, boolean reset) throws Exception {
        if (reset) {
            Http2Client.get(request.reset(8));
        } else {
            client.connection().close();
        }
    }

    @Test
    void whoeverAsksAfterTheClientHasGoneIsToldAtOnce() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        HttpHandler late = exchange -> Thread.startVirtualThread(() -> {
            try {
                seen.add("begun");
                left.await();
                while (seen.isEmpty()) {
                    AnswerStream stream = exchange.startStream(200, AnswerHeaders.none());
                    stream.write(new byte[1]);
                }
            } catch (ClientGoneException | IllegalStateException gone) {
                exchange.onCancel(() -> seen.add("cancelled"));
            } catch (InterruptedException stopped) {
                seen.add("interrupted");
            }
        });
        try (TestServer other = new TestServer(new Route("GET", "/late", late));
                RawClient client = new RawClient(other.port())) {
            client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(next()).isEqualTo("begun");
            client.close();
            org.awaitility.Awaitility.await().until(() -> other.listener().openConnections() == 0);
            left.countDown();
            assertThat(next()).isEqualTo("cancelled");
        }
    }

    @Test
    void aClientThatLeavesBeforeItsBodyIsCompleteStartsNothing() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
        }
        try (RawClient client = new RawClient(server.port())) {
            client.send("POST /wait HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        }
        org.awaitility.Awaitility.await().until(() -> server.listener().openConnections() == 0);
        assertThat(seen).isEmpty();
    }

    @Test
    void aCompleteAnswerIsNotCancelled() throws Exception {
        try (TestServer other = new TestServer(new Route("GET", "/done", exchange -> {
                    exchange.onCancel(() -> seen.add("cancelled"));
                    exchange.respond(TestServer.text(200, "done"));
                }));
                RawClient client = new RawClient(other.port());
                Http2Client http2 = new Http2Client(other.port())) {
            client.send("GET /done HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
            assertThat(http2.call("GET", "/done", "").body()).isEqualTo("done");
            http2.connection().close();
            client.close();
            org.awaitility.Awaitility.await().until(() -> other.listener().openConnections() == 0);
            assertThat(seen).isEmpty();
        }
    }
}

package dev.patchbay.server.http;

import static dev.patchbay.server.http.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Nobody holds a connection by doing nothing, or too little; and nobody is cut off for waiting.
class SlowClientTest {

    private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

    private final TestServer server = TestServer.recording(TestServer.HURRIED_REQUEST, TestServer.HURRIED_CONNECTION);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aSilentConnectionIsClosed() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void aHeadThatComesByteForByteIsNotWaitedFor() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.trickle(HELLO.repeat(3), 20);
            assertThat(RawClient.statuses(client.readToEnd())).isEmpty();
        }
        assertThat(server.executed).isEmpty();
    }

    @Test
    void aHeadThatStopsIsNotWaitedFor() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET /hello HTT");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void aSecondHeadThatComesByteForByteIsNotWaitedForEither() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send(HELLO).readAnswer();
            client.trickle(HELLO.repeat(3), 20);
            assertThat(RawClient.statuses(client.readToEnd())).isEmpty();
        }
        assertThat(server.executed).hasSize(1);
    }

    @Test
    void anHttp2PrefaceThatStopsIsNotWaitedFor() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM");
            assertThat(client.readToEnd()).isEmpty();
        }
        try (RawClient client = new RawClient(server.port())) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            client.readToEnd();
        }
    }

    @Test
    void aBodyThatComesByteForByteIsRefused() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n");
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                try {
                    client.trickle("x".repeat(500), 20);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
            String conversation = client.readToEnd();
            sender.get(20, TimeUnit.SECONDS);
            assertThat(RawClient.statuses(conversation)).containsExactly(408);
            assertThat(conversation).contains("REQUEST_TIMEOUT: The body did not arrive in time.");
        }
        assertThat(server.executed).isEmpty();
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send(HELLO).readAnswer();
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void anIdleHttp2ConnectionIsToldToGo() throws Exception {
        try (Http2Client client = new Http2Client(server.port())) {
            assertThat(client.call("GET", "/hello", "").body()).isEqualTo("GET 0");
            assertThat(client.closed().get(5, TimeUnit.SECONDS)).isEqualTo("GOAWAY 0");
        }
    }

    @Test
    void aQuietCallIsNotIdle() throws Exception {
        Duration long_ = TestServer.HURRIED_CONNECTION.idleTime().multipliedBy(3);
        HttpHandler slow = exchange -> Thread.startVirtualThread(() -> {
            try {
                Thread.sleep(long_);
                exchange.respond(text(200, "at last"));
            } catch (InterruptedException stopped) {
                exchange.fail(stopped);
            }
        });
        try (TestServer quiet = new TestServer(
                        TestServer.HURRIED_REQUEST, TestServer.HURRIED_CONNECTION, new Route("GET", "/slow", slow));
                RawClient client = new RawClient(quiet.port());
                Http2Client http2 = new Http2Client(quiet.port())) {
            var other = http2.send("GET", "/slow", "");
            client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readAnswer()).endsWith("at last");
            assertThat(other.get(5, TimeUnit.SECONDS).body()).isEqualTo("at last");
        }
    }
}

package dev.patchbay.server.http;

import static dev.patchbay.server.http.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Every request gets one answer, also from code that has lost count, or its head.
class AnswerTest {

    private final CompletableFuture<HttpExchange> kept = new CompletableFuture<>();

    private final TestServer server = new TestServer(
            new Route("GET", "/twice", exchange -> {
                exchange.respond(text(200, "first"));
                exchange.respond(text(200, "second"));
                exchange.fail(new IllegalStateException("third"));
            }),
            new Route("GET", "/race", exchange -> {
                CountDownLatch start = new CountDownLatch(1);
                for (int i = 0; i < 4; i++) {
                    Thread.startVirtualThread(() -> {
                        try {
                            start.await();
                            exchange.respond(text(200, "one of them"));
                        } catch (InterruptedException stopped) {
                            exchange.fail(stopped);
                        }
                    });
                }
                start.countDown();
            }),
            new Route("GET", "/throws", exchange -> {
                throw new IllegalStateException("secret");
            }),
            new Route(
                    "GET",
                    "/split",
                    exchange -> exchange.respond(
                            new Answer(200, AnswerHeaders.none().add("x-a", "b\r\nx-c: d"), new byte[0]))),
            new Route(
                    "GET",
                    "/split-name",
                    exchange -> exchange.respond(
                            new Answer(200, AnswerHeaders.none().add("x-a: b\r\nx-c", "d"), new byte[0]))),
            new Route(
                    "GET",
                    "/split-stream",
                    exchange -> exchange.startStream(200, AnswerHeaders.none().add("x-a: b\r\nx-c", "d"))),
            new Route(
                    "GET",
                    "/nothing",
                    exchange -> exchange.respond(new Answer(204, AnswerHeaders.none(), new byte[0]))),
            new Route("GET", "/keep", kept::complete),
            new Route("GET", "/block", exchange -> {
                Thread.sleep(1_500);
                exchange.respond(text(200, "at last"));
            }));

    @AfterEach
    void stop() {
        server.close();
    }

    private String get(String path) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET " + path
                    + " HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            return client.readToEnd();
        }
    }

    @Test
    void aSecondAnswerIsNotSent() throws Exception {
        assertThat(RawClient.statuses(get("/twice"))).containsExactly(200, 404);
        assertThat(get("/twice")).contains("first").doesNotContain("second").doesNotContain("third");
    }

    @Test
    void ofSeveralThreadsOneAnswers() throws Exception {
        assertThat(RawClient.statuses(get("/race"))).containsExactly(200, 404);
    }

    @Test
    void anExceptionBecomesAnAnswerThatTellsNothingButAnId() throws Exception {
        String conversation = get("/throws");
        assertThat(RawClient.statuses(conversation)).containsExactly(500, 404);
        assertThat(conversation).doesNotContain("secret").containsPattern("INTERNAL_ERROR: [0-9a-f-]{36}");
    }

    @Test
    void aHeaderCannotEndEarly() throws Exception {
        assertThat(RawClient.statuses(get("/split"))).containsExactly(500, 404);
        assertThat(get("/split")).doesNotContain("x-c");
        assertThat(RawClient.statuses(get("/split-name"))).containsExactly(500, 404);
        assertThat(get("/split-name")).doesNotContain("x-c");
        assertThat(get("/split-stream")).isEmpty();
    }

    @Test
    void anAnswerWithoutContentHasNoLength() throws Exception {
        String conversation = get("/nothing");
        assertThat(conversation.substring(0, conversation.indexOf("\r\n\r\n"))).isEqualTo("HTTP/1.1 204 No Content");
    }

    @Test
    void theHeadOfAnAnswerCanBeAskedForAlone() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("HEAD /twice HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\n");
        }
    }

    @Test
    void anAnswerForAClientThatHasGoneIsDropped() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET /keep HTTP/1.1\r\nHost: a\r\n\r\n");
            kept.get(5, TimeUnit.SECONDS);
        }
        await().until(() -> server.listener().openConnections() == 0);
        kept.get().respond(text(200, "too late"));
        assertThat(get("/twice")).contains("first");
    }

    @Test
    void aRefusalOfThePathLeavesTheConnectionOpen() throws Exception {
        try (RawClient client = new RawClient(server.port());
                Http2Client http2 = new Http2Client(server.port())) {
            client.send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readAnswer())
                    .startsWith("HTTP/1.1 404 ")
                    .endsWith("NOT_FOUND: Nothing answers to the path /none.");
            client.send("POST /twice HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.readAnswer())
                    .startsWith("HTTP/1.1 405 ")
                    .contains("\r\nallow: GET\r\n")
                    .endsWith("METHOD_NOT_ALLOWED: The path /twice takes GET, not POST.");
            client.send("GET /twice HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readAnswer()).endsWith("first");
            assertThat(http2.call("GET", "/none", "").status()).isEqualTo(404);
            assertThat(http2.call("POST", "/twice", "abc").headers()).containsEntry("allow", "GET");
            assertThat(http2.call("GET", "/%zz", "").status()).isEqualTo(400);
            assertThat(http2.call("GET", "/twice", "").body()).isEqualTo("first");
        }
    }

    @Test
    void aHandlerThatBlocksIsCounted() throws Exception {
        assertThat(server.transport.blockedEventLoops()).isZero();
        assertThat(get("/block")).contains("at last");
        assertThat(server.transport.blockedEventLoops()).isPositive();
    }

    @Test
    void oneConnectionMoreThanAllowedIsClosed() throws Exception {
        ConnectionLimits two = new ConnectionLimits(
                2,
                100,
                TestServer.CONNECTION.idleTime(),
                TestServer.CONNECTION.stallTime(),
                TestServer.CONNECTION.lingerTime());
        try (TestServer small = TestServer.recording(TestServer.REQUEST, two);
                RawClient first = new RawClient(small.port())) {
            first.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
            try (RawClient second = new RawClient(small.port())) {
                second.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
                assertThat(small.listener().openConnections()).isEqualTo(2);
                try (RawClient third = new RawClient(small.port())) {
                    assertThat(third.readToEnd()).isIn("", " (reset)");
                }
            }
            await().until(() -> small.listener().openConnections() == 1);
            try (RawClient again = new RawClient(small.port())) {
                assertThat(again.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer())
                        .endsWith("GET 0");
            }
        }
    }

    @Test
    void anAddressThatIsTakenIsNamed() {
        HttpSettings taken = HttpSettings.at("127.0.0.1", server.port());
        try (HttpTransport other = HttpTransport.start()) {
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> other.listen(taken, Router.of(), TestServer::refuse))
                    .hasMessage("cannot listen on 127.0.0.1:" + server.port() + ": Address already in use");
        }
    }
}

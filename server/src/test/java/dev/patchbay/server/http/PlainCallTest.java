package dev.patchbay.server.http;

import static dev.patchbay.server.http.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PlainCallTest {

    private static final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

    @Test
    void aRequestIsAnsweredOnItsEventLoop() throws Exception {
        try (TestServer server = new TestServer(new Route(
                        "POST",
                        "/v1/{task}/x",
                        exchange -> exchange.respond(text(
                                200,
                                exchange.pathParameter("task") + " " + exchange.header("X-Me") + " " + exchange.query()
                                        + " "
                                        + new String(exchange.body(), java.nio.charset.StandardCharsets.UTF_8)))));
                RawClient client = new RawClient(server.port())) {
            client.send("POST /v1/a%20b/x?q=1 HTTP/1.1\r\nHost: a\r\nx-me: you\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(client.readAnswer())
                    .isEqualTo(
                            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 15\r\n\r\na b you q=1 abc");
        }
    }

    @Test
    void aRequestIsAnsweredFromAnotherThreadAndTheNextOneOnTheSameConnection() throws Exception {
        try (TestServer server = new TestServer(new Route(
                        "GET", "/hello", exchange -> threads.execute(() -> exchange.respond(text(200, "hello")))));
                RawClient client = new RawClient(server.port())) {
            for (int i = 0; i < 3; i++) {
                client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readAnswer()).endsWith("hello");
            }
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));
            for (int i = 0; i < 3; i++) {
                assertThat(client.readAnswer()).endsWith("hello");
            }
        }
    }
}

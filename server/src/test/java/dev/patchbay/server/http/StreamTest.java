package dev.patchbay.server.http;

import static dev.patchbay.server.http.TestServer.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A stream is written at the pace of its reader, by plain code, and disturbs nobody.
class StreamTest {

    private static final int PART = 4096;
    /// the kernel's buffers of one loopback connection, beside what the server holds
    private static final long HELD_AT_MOST = 16L << 20;
    private static final String STREAM = "GET /flood HTTP/1.1\r\nHost: a\r\n\r\n";

    private final AtomicLong written = new AtomicLong();
    private final Semaphore parts = new Semaphore(0);
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

    private final TestServer server = new TestServer(routes());

    private Route[] routes() {
        return new Route[] {
            new Route("GET", "/flood", exchange -> onThread(exchange, this::flood)),
            new Route("GET", "/parts", exchange -> onThread(exchange, this::parts)),
            new Route("GET", "/broken", exchange -> onThread(exchange, StreamTest::broken)),
            new Route("GET", "/hello", exchange -> exchange.respond(text(200, "hello")))
        };
    }

    private interface Producer {
        void write(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private void onThread(HttpExchange exchange, Producer producer) {
        Thread thread = Thread.ofVirtual().unstarted(() -> {
            try {
                producer.write(exchange);
                ended.add("complete");
            } catch (ClientGoneException gone) {
                ended.add(gone.getMessage());
            } catch (IOException | InterruptedException | RuntimeException failure) {
                ended.add(failure.toString());
            }
        });
        thread.start();
    }

    private void flood(HttpExchange exchange) throws IOException, InterruptedException {
        AnswerStream stream = exchange.startStream(200, AnswerHeaders.contentType("text/event-stream"));
        while (true) {
            stream.write(new byte[PART]);
            written.addAndGet(PART);
        }
    }

    private void parts(HttpExchange exchange) throws IOException, InterruptedException {
        AnswerStream stream = exchange.startStream(200, AnswerHeaders.contentType("text/event-stream"));
        for (int i = 0; i < 3; i++) {
            parts.acquire();
            stream.write(("data: " + i + "\n\n").getBytes(UTF_8));
        }
        stream.end();
    }

    private static void broken(HttpExchange exchange) throws IOException, InterruptedException {
        AnswerStream stream = exchange.startStream(200, AnswerHeaders.contentType("text/event-stream"));
        stream.write("data: 0\n\n".getBytes(UTF_8));
        exchange.fail(new IllegalStateException("the model has no more words"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String next() throws InterruptedException {
        String next = ended.poll(5, TimeUnit.SECONDS);
        return next == null ? "nothing within 5 s" : next;
    }

    /// Waits until the producer has stood still for a while.
    private long writtenWhenStill() {
        long[] last = {-1};
        await().pollInterval(Duration.ofMillis(200)).until(() -> {
            long before = last[0];
            last[0] = written.get();
            return last[0] == before && before > 0;
        });
        return last[0];
    }

    @Test
    void everyPartIsSentAtOnce() throws Exception {
        try (RawClient client = new RawClient(server.port());
                Http2Client http2 = new Http2Client(server.port())) {
            client.send("GET /parts HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(readUntil(client, "\r\n\r\n")).contains("transfer-encoding: chunked");
            for (int i = 0; i < 3; i++) {
                parts.release();
                assertThat(readUntil(client, "\n\n\r\n")).isEqualTo("9\r\ndata: " + i + "\n\n\r\n");
            }
            assertThat(readUntil(client, "0\r\n\r\n")).isEqualTo("0\r\n\r\n");
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readAnswer()).endsWith("hello");

            BlockingQueue<String> received = new LinkedBlockingQueue<>();
            HttpClientResponse response = http2.open("GET", "/parts", r -> {
                r.handler(part -> received.addAll(part.length() == 0 ? List.of() : List.of(part.toString())));
                r.endHandler(end -> received.add("end"));
            });
            assertThat(response.getHeader("content-type")).isEqualTo("text/event-stream");
            for (int i = 0; i < 3; i++) {
                parts.release();
                assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("data: " + i + "\n\n");
            }
            assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("end");
        }
    }

    private static String readUntil(RawClient client, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (!read.toString().endsWith(end)) {
            read.append((char) client.readByte());
        }
        return read.toString();
    }

    @Test
    void aStreamOnHttp10EndsWithTheConnection() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET /parts HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            parts.release(3);
            assertThat(client.readToEnd()).endsWith("\r\n\r\ndata: 0\n\ndata: 1\n\ndata: 2\n\n");
        }
    }

    @Test
    void aReaderThatStopsStopsTheWriterAndNobodyElseAndMayGoOn() throws Exception {
        try (RawClient stalled = new RawClient(server.port());
                RawClient other = new RawClient(server.port())) {
            stalled.send(STREAM);
            long held = writtenWhenStill();
            assertThat(held).isLessThan(HELD_AT_MOST);
            for (int i = 0; i < 20; i++) {
                other.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(other.readAnswer()).endsWith("hello");
            }
            for (long left = 2 * held; left > 0; left -= PART) {
                assertThat(stalled.socket().getInputStream().readNBytes(PART)).hasSize(PART);
            }
            assertThat(written.get()).isGreaterThan(held);
        }
        assertThat(next()).isEqualTo("the client has gone");
    }

    @Test
    void aWindowThatCloseStopsTheWriterAndNotTheCallsBesideItAndMayOpenAgain() throws Exception {
        try (Http2Client client = new Http2Client(server.port())) {
            HttpClientResponse stalled = client.open("GET", "/flood", HttpClientResponse::pause);
            AtomicLong received = new AtomicLong();
            stalled.handler(part -> received.addAndGet(part.length()));
            long held = writtenWhenStill();
            assertThat(held).isLessThan(1 << 20);
            for (int i = 0; i < 20; i++) {
                assertThat(client.call("GET", "/hello", "").body()).isEqualTo("hello");
            }
            stalled.resume();
            await().until(() -> received.get() > 4 * held);
        }
        assertThat(next()).isEqualTo("the client has gone");
    }

    @Test
    void aReaderThatTakesNothingForTooLongIsCutOff() throws Exception {
        try (TestServer hurried = new TestServer(TestServer.HURRIED_REQUEST, TestServer.HURRIED_CONNECTION, routes());
                RawClient client = new RawClient(hurried.port())) {
            client.send(STREAM);
            assertThat(next()).isEqualTo("the client took nothing for 700 ms and was cut off");
            try (Http2Client http2 = new Http2Client(hurried.port())) {
                CompletableFuture<Throwable> reset = new CompletableFuture<>();
                http2.open("GET", "/flood", response -> {
                    response.exceptionHandler(reset::complete);
                    response.pause();
                });
                assertThat(next()).isEqualTo("the client took nothing for 700 ms and was cut off");
                assertThat(reset.get(5, TimeUnit.SECONDS)).hasMessage("Stream reset: 8");
            }
            await().until(() -> hurried.listener().openConnections() == 0);
        }
    }

    @Test
    void anAnswerThatIsNotTakenForTooLongIsCutOff() throws Exception {
        byte[] large = new byte[32 << 20];
        Route route =
                new Route("GET", "/large", exchange -> exchange.respond(new Answer(200, AnswerHeaders.none(), large)));
        try (TestServer hurried = new TestServer(TestServer.HURRIED_REQUEST, TestServer.HURRIED_CONNECTION, route);
                RawClient client = new RawClient(hurried.port());
                Http2Client http2 = new Http2Client(hurried.port())) {
            client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
            CompletableFuture<Throwable> reset = new CompletableFuture<>();
            http2.open("GET", "/large", response -> {
                response.exceptionHandler(reset::complete);
                response.pause();
            });
            assertThat(reset.get(10, TimeUnit.SECONDS)).hasMessage("Stream reset: 8");
            await().until(() -> hurried.listener().openConnections() == 0);
        }
    }

    @Test
    void aReaderThatIsSlowGetsEverything() throws Exception {
        try (TestServer hurried = new TestServer(TestServer.HURRIED_REQUEST, TestServer.HURRIED_CONNECTION, routes());
                RawClient client = new RawClient(hurried.port())) {
            client.send(STREAM);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            while (System.nanoTime() < until) {
                assertThat(client.socket().getInputStream().readNBytes(256 << 10))
                        .hasSize(256 << 10);
                Thread.sleep(20);
            }
            assertThat(ended).isEmpty();
        }
    }

    @Test
    void aStreamThatFailsIsSeenToBeIncomplete() throws Exception {
        try (RawClient client = new RawClient(server.port());
                Http2Client http2 = new Http2Client(server.port())) {
            client.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").doesNotContain("\r\n0\r\n");
            CompletableFuture<Throwable> reset = new CompletableFuture<>();
            http2.open("GET", "/broken", response -> response.exceptionHandler(reset::complete));
            assertThat(reset.get(5, TimeUnit.SECONDS)).hasMessage("Stream reset: 8");
        }
    }

    @Test
    void anInterruptReachesAWriterThatWaits() throws Exception {
        CompletableFuture<Thread> writer = new CompletableFuture<>();
        Route route = new Route(
                "GET",
                "/flood",
                exchange -> onThread(exchange, e -> {
                    writer.complete(Thread.currentThread());
                    flood(e);
                }));
        try (TestServer other = new TestServer(route);
                RawClient client = new RawClient(other.port())) {
            client.send(STREAM);
            writtenWhenStill();
            writer.get(5, TimeUnit.SECONDS).interrupt();
            assertThat(next()).isEqualTo("java.lang.InterruptedException");
        }
    }
}

package dev.patchbay.server.http;

import static dev.patchbay.server.http.TestServer.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Leaving fails nobody who is being served.
class DrainTest {

    private static final Duration PHASE_ONE = Duration.ofMillis(600);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final String WORK = "GET /work HTTP/1.1\r\nHost: a\r\n\r\n";

    private final CountDownLatch release = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final TestServer server = new TestServer(
            new Route(
                    "GET",
                    "/work",
                    exchange -> threads.execute(() -> {
                        pause(20);
                        exchange.respond(text(200, "done"));
                    })),
            new Route(
                    "GET",
                    "/held",
                    exchange -> threads.execute(() -> {
                        await(release);
                        exchange.respond(text(200, "held"));
                    })),
            new Route("GET", "/stream", exchange -> threads.execute(() -> stream(exchange))));

    private void stream(HttpExchange exchange) {
        try {
            AnswerStream stream = exchange.startStream(200, AnswerHeaders.none());
            stream.write("first ".getBytes(UTF_8));
            await(release);
            stream.write("last".getBytes(UTF_8));
            stream.end();
        } catch (ClientGoneException | InterruptedException gone) {
            exchange.fail(gone);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Future<?> leave() {
        return threads.submit(() -> {
            server.transport.close(PHASE_ONE, GRACE);
            return null;
        });
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
        threads.close();
    }

    @Test
    void noCallUnderLoadFails() throws Exception {
        List<Future<Integer>> callers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            callers.add(threads.submit(this::callUntilToldToGo));
        }
        Thread.sleep(300);
        leave().get(15, TimeUnit.SECONDS);
        int calls = 0;
        for (Future<Integer> caller : callers) {
            calls += caller.get(5, TimeUnit.SECONDS);
        }
        assertThat(calls).isGreaterThan(callers.size());
        assertThatThrownBy(() -> new RawClient(server.port())).isInstanceOf(ConnectException.class);
    }

    private int callUntilToldToGo() throws IOException {
        int calls = 0;
        try (RawClient client = new RawClient(server.port())) {
            String answer;
            do {
                answer = client.send(WORK).readAnswer();
                assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("done");
                calls++;
            } while (!answer.contains("connection: close"));
            assertThat(client.readToEnd()).isEmpty();
        }
        return calls;
    }

    @Test
    void whoeverStillConnectsIsServedOnce() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
            Future<?> leaving = leave();
            pause(100);
            try (RawClient late = new RawClient(server.port())) {
                late.send(WORK + WORK);
                assertThat(RawClient.statuses(late.readToEnd())).containsExactly(200);
            }
            release.countDown();
            assertThat(client.readToEnd()).contains("connection: close").endsWith("held");
            leaving.get(15, TimeUnit.SECONDS);
        }
    }

    @Test
    void callsAndStreamsUnderWayAreCompleted() throws Exception {
        try (RawClient client = new RawClient(server.port());
                Http2Client http2 = new Http2Client(server.port())) {
            CompletableFuture<Http2Client.Received> call = http2.send("GET", "/held", "");
            CompletableFuture<Http2Client.Received> stream = http2.send("GET", "/stream", "");
            client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(http2.call("GET", "/work", "").headers()).doesNotContainKey("connection");
            Future<?> leaving = leave();
            pause(PHASE_ONE.toMillis() + 300);
            assertThat(leaving.isDone()).isFalse();
            release.countDown();
            assertThat(call.get(5, TimeUnit.SECONDS).body()).isEqualTo("held");
            assertThat(call.get().headers()).doesNotContainKey("connection");
            assertThat(stream.get(5, TimeUnit.SECONDS).body()).isEqualTo("first last");
            assertThat(client.readToEnd()).endsWith("6\r\nfirst \r\n4\r\nlast\r\n0\r\n\r\n");
            assertThat(http2.closed().get(5, TimeUnit.SECONDS)).isEqualTo("GOAWAY 0");
            leaving.get(15, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatIsNotCompleteWhenTheGraceIsOverIsCutOff() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
            pause(100);
            server.transport.close(Duration.ofMillis(100), Duration.ofMillis(300));
            assertThat(RawClient.statuses(client.readToEnd())).isEmpty();
        }
    }
}

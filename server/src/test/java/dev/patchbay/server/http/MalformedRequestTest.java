package dev.patchbay.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a client sends wrongly gets one answer and a closed connection; what it hid behind is never executed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedRequestTest {

    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    private static final String GET = "GET /hello HTTP/1.1\r\nHost: a\r\n";

    private final TestServer server = TestServer.recording();

    @BeforeEach
    void forget() {
        server.executed.clear();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    record Sent(String name, String bytes, int status) {
        @Override
        public String toString() {
            return name + " -> " + status;
        }
    }

    private static Sent sent(String name, String bytes, int status) {
        return new Sent(name, bytes, status);
    }

    private static Sent chunked(String name, String body) {
        return sent(name, POST + "Transfer-Encoding: chunked\r\n\r\n" + body, 400);
    }

    static Stream<Sent> lengths() {
        return Stream.of(
                sent("both lengths", POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
                sent(
                        "both lengths, the other way",
                        POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                        400),
                sent("identity last", POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
                sent("identity first", POST + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n", 400),
                sent("identity alone", POST + "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n", 400),
                sent("an unknown coding", POST + "Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n", 400),
                sent(
                        "chunked twice",
                        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400),
                sent("a folded coding", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
                sent(
                        "chunked on HTTP/1.0",
                        "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400),
                sent("two lengths", POST + "Content-Length: 5\r\nContent-Length: 0\r\n\r\n", 400),
                sent("the same length twice", POST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", 400),
                sent("length -1", POST + "Content-Length: -1\r\n\r\n", 400),
                sent("length +5", POST + "Content-Length: +5\r\n\r\nabcde", 400),
                sent("length 5abc", POST + "Content-Length: 5abc\r\n\r\nabcde", 400),
                sent("an empty length", POST + "Content-Length:\r\n\r\n", 400),
                sent("length 10^20", POST + "Content-Length: 100000000000000000000\r\n\r\n", 400),
                sent("length 1 GB", POST + "Content-Length: 1073741824\r\n\r\n", 413),
                sent(
                        "length 1 GB, expecting 100",
                        POST + "Expect: 100-continue\r\nContent-Length: 1073741824\r\n\r\n",
                        413),
                sent("expecting something else", POST + "Expect: cake\r\nContent-Length: 0\r\n\r\n", 417),
                sent(
                        "length 1 GB to an unknown path",
                        "POST /nobody HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n",
                        404),
                sent(
                        "length 1 GB with the wrong method",
                        "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n",
                        405));
    }

    static Stream<Sent> chunks() {
        return Stream.of(
                chunked("chunk size ZZ", "ZZ\r\nabc\r\n0\r\n\r\n"),
                chunked("chunk size -5", "-5\r\nabcde\r\n0\r\n\r\n"),
                chunked("chunk size 2^68", "100000000000000000\r\nabc\r\n0\r\n\r\n"),
                chunked("an empty chunk size", "\r\nabc\r\n0\r\n\r\n"),
                chunked("a chunk size with a bare LF", "3\nabc\r\n0\r\n\r\n"),
                chunked("a chunk longer than its size", "3\r\nabcdef\r\n0\r\n\r\n"),
                chunked("a chunk extension of 70 KB", "3;x=" + "y".repeat(70_000) + "\r\nabc\r\n0\r\n\r\n"),
                chunked("a bad trailer", "3\r\nabc\r\n0\r\nno colon\r\n\r\n"),
                sent(
                        "1.5 MB of request lines in chunks",
                        POST + "Transfer-Encoding: chunked\r\n\r\n" + requestLines(),
                        413));
    }

    private static String requestLines() {
        String chunk = SMUGGLED.repeat(100);
        return (Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n").repeat(1_500_000 / chunk.length() + 1);
    }

    static Stream<Sent> heads() {
        return Stream.of(
                sent("two hosts", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                sent("no host", "GET /hello HTTP/1.1\r\n\r\n", 400),
                sent("a space before the colon", GET + "X-A : b\r\n\r\n", 400),
                sent("a header without a colon", GET + "nothing\r\n\r\n", 400),
                sent("a header without a name", GET + ": b\r\n\r\n", 400),
                sent("NUL in a value", GET + "X-A: b\0c\r\n\r\n", 400),
                sent("CR in a value", GET + "X-A: b\rc\r\n\r\n", 400),
                sent("lines that end with a bare LF", "GET /hello HTTP/1.1\nHost: a\n\n", 400),
                sent("NUL in the path", "GET /hel\0lo HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                sent("encoded NUL in the path", "GET /hel%00lo HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                sent("half an octet in the path", "GET /hello%2 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                sent("no UTF-8 in the path", "GET /hello%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                sent("an encoded slash", "GET /x%2fhello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                sent("dot segments", "GET /x/../hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                sent("encoded dot segments", "GET /x/%2e%2e/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                sent("a target that is no path", "GET hello HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                sent("a tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                sent("a header of 10 KB", GET + "X-A: " + "b".repeat(10_000) + "\r\n\r\n", 431),
                sent("a header of 20 KB", GET + "X-A: " + "b".repeat(20_000) + "\r\n\r\n", 431),
                sent("many headers", GET + "X-A: b\r\n".repeat(5_000) + "\r\n", 431),
                sent("a target of 10 KB", "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
                sent("no version", "GET /hello\r\nHost: a\r\n\r\n", 400),
                sent("version 1.2", "GET /hello HTTP/1.2\r\nHost: a\r\n\r\n", 505),
                sent("version 3", "GET /hello HTTP/3.0\r\nHost: a\r\n\r\n", 505),
                sent("no HTTP", "\u0016\u0003\u0001 hello\r\n\r\n", 400));
    }

    @ParameterizedTest
    @MethodSource({"lengths", "chunks", "heads"})
    void oneAnswerAndNothingBehindItIsExecuted(Sent sent) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send(sent.bytes() + SMUGGLED.repeat(3));
            String conversation = client.readToEnd();
            assertThat(RawClient.statuses(conversation)).as(conversation).isEqualTo(List.of(sent.status()));
            assertThat(conversation).containsIgnoringCase("connection: close").doesNotContain("(reset)");
        }
        assertThat(server.executed).isEmpty();
    }

    /// RFC 9112 lets a server take a folded line as one with a space; Netty does, and leaves no trace of it.
    @Test
    void aFoldedHeaderIsOneLine() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send(GET + "X-A: b\r\n c\r\n\r\n");
            assertThat(client.readAnswer()).endsWith("GET 0");
        }
        assertThat(server.executed).containsExactly("GET /hello");
    }

    /// A body that came in through an upgrade would pass by the guard; the request is answered on HTTP/1.1 instead.
    @Test
    void anUpgradeToHttp2IsNotTaken() throws IOException {
        String upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAA\r\n";
        try (RawClient client = new RawClient(server.port())) {
            client.send(GET + upgrade + "\r\n");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("GET 0");
            client.send(POST + upgrade + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n" + SMUGGLED);
            assertThat(RawClient.statuses(client.readToEnd())).containsExactly(400);
        }
        assertThat(server.executed).containsExactly("GET /hello");
    }
}

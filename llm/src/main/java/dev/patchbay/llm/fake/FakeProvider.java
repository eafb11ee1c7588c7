package dev.patchbay.llm.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A provider on loopback that speaks OpenAI's, Anthropic's and Cohere's formats and fails on demand. It answers with
/// what
/// was queued by [#then], in that order, and by its rule when the queue is empty.
///
/// ```java
/// try (FakeProvider provider = FakeProvider.start()) {
///     provider.then(Reply.text("All is well tonight").failing(Fault.CUT, 2));
///     // point the code under test at provider.url()
/// }
/// ```
public final class FakeProvider implements AutoCloseable {

    private final ServerSocket server;
    private final ConcurrentLinkedQueue<Reply> queued = new ConcurrentLinkedQueue<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile Function<Received, Reply> rule;

    private FakeProvider(ServerSocket server, Function<Received, Reply> rule) {
        this.server = server;
        this.rule = rule;
    }

    /// Starts a provider on a free port; it answers everything with `ok`.
    public static FakeProvider start() {
        return start(request -> Reply.text("ok"));
    }

    /// Starts a provider that answers by a rule.
    public static FakeProvider start(Function<Received, Reply> rule) {
        try {
            FakeProvider provider = new FakeProvider(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), rule);
            Thread.ofVirtual().name("fake-provider").start(provider::accept);
            return provider;
        } catch (IOException e) {
            throw new UncheckedIOException("no port could be opened on loopback", e);
        }
    }

    /// Gives the address to configure for OpenAI's format; without `/v1` it is the one for the others.
    public URI url() {
        return root().resolve("/v1");
    }

    /// Gives the address to configure for Anthropic's and Cohere's formats.
    public URI root() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /// Queues answers.
    public FakeProvider then(Reply... replies) {
        queued.addAll(List.of(replies));
        return this;
    }

    /// Answers by another rule when nothing is queued.
    public FakeProvider answering(Function<Received, Reply> other) {
        rule = other;
        return this;
    }

    /// Lists the requests that came, oldest first.
    public List<Received> received() {
        return List.copyOf(received);
    }

    /// Counts the answers that the client did not wait for.
    public int abandoned() {
        return abandoned.get();
    }

    /// Counts the answers that are being given.
    public int inside() {
        return inside.get();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().name("fake-provider-connection").start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            RequestReader requests = new RequestReader(socket.getInputStream());
            for (Received request = requests.next(); request != null; request = requests.next()) {
                received.add(request);
                Reply next = queued.poll();
                Reply reply = next == null ? rule.apply(request) : next;
                inside.incrementAndGet();
                try {
                    if (!new Answering(socket, request, reply).answer()) {
                        return;
                    }
                } catch (IOException e) {
                    abandoned.incrementAndGet();
                    return;
                } finally {
                    inside.decrementAndGet();
                }
            }
        } catch (IOException e) {
            // the client left between two requests
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }
}

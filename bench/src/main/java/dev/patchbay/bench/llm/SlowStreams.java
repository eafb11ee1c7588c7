package dev.patchbay.bench.llm;

import dev.patchbay.bench.load.ServerUsage;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Many streams at a time that take their time, and streams whose reader leaves.
final class SlowStreams {

    private final URI gateway;
    private final long pid;

    SlowStreams(URI gateway, long pid) {
        this.gateway = gateway;
        this.pid = pid;
    }

    /// Holds streams open until each has ended, and prints what the gateway's process took meanwhile.
    ///
    /// @param seconds that a stream takes at least
    /// @return how many were not whole
    int hold(int count, int tokens, long seconds) throws Exception {
        long before = settled();
        int broken = 0;
        long during = 0;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<StreamedCall.Took>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                calls.add(callers.submit(() -> StreamedCall.ask(gateway, java.util.Map.of())));
            }
            Thread.sleep(seconds * 1000 * 2 / 3);
            long open = calls.stream().filter(call -> !call.isDone()).count();
            during = ServerUsage.of(pid).rssKilobytes();
            System.out.printf("%d of %d streams are open at a time%n", open, count);
            for (Future<StreamedCall.Took> call : calls) {
                broken += call.get().tokens() == tokens && call.get().ended() ? 0 : 1;
            }
        }
        System.out.printf(
                "RSS before %d MB, with the streams open %d MB, after %d MB; %d of %d streams were not whole%n",
                before >> 10, during >> 10, settled() >> 10, broken, count);
        return broken;
    }

    /// What the process takes after a collection.
    private long settled() throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process collection = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        collection.waitFor();
        Thread.sleep(500);
        return ServerUsage.of(pid).rssKilobytes();
    }

    /// Leaves streams after their first word, and prints how long the provider was still asked.
    void leave(HangingProvider provider, int times) throws Exception {
        List<Long> took = new ArrayList<>();
        byte[] body = "{\"model\":\"hang\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
                .getBytes(StandardCharsets.US_ASCII);
        String head =
                "POST %s HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
                        .formatted(gateway.getPath(), body.length);
        for (int i = 0; i < times; i++) {
            long left;
            try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                InputStream in = socket.getInputStream();
                StringBuilder seen = new StringBuilder();
                while (seen.indexOf("word") < 0) {
                    int next = in.read();
                    if (next < 0) {
                        throw new java.io.IOException("no word came, but " + seen);
                    }
                    seen.append((char) next);
                }
                left = System.nanoTime();
            }
            took.add(provider.awaitLeft() - left);
        }
        took.sort(null);
        System.out.printf(
                "client gone to provider's call ended: p50 %.2f ms, longest %.2f ms of %d%n",
                took.get(times / 2) / 1e6, took.getLast() / 1e6, times);
    }
}

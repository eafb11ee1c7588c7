package dev.patchbay.runtime.python;

import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;

/// A socket that one process comes through: the one that was started with its token.
record Door(Path directory, ServerSocketChannel server, String token) implements AutoCloseable {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int TOKEN_BYTES = 24;

    static Door open() throws IOException {
        // in the short path of the system's temporary files: a socket's path has at most about 100 characters
        Path directory = Files.createTempDirectory("patchbay-");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
        server.configureBlocking(false);
        byte[] token = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(token);
        return new Door(directory, server, HexFormat.of().formatHex(token));
    }

    static boolean isSame(String token, String said) {
        return MessageDigest.isEqual(
                said.getBytes(StandardCharsets.US_ASCII), token.getBytes(StandardCharsets.US_ASCII));
    }

    private Path socket() {
        return directory.resolve("s");
    }

    /// Starts the process that is to come.
    ///
    /// @throws WorkerLost if there is no such interpreter
    Process spawn(Launch launch) throws IOException, WorkerLost, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(launch.executable(), "-m", "patchbay", socket().toString())
                .directory(launch.temporary().toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(launch.environment(launch.spawner().library()));
        Process process;
        try {
            process = launch.spawner().start(builder);
        } catch (IOException e) {
            throw new WorkerLost(
                    "'%s' cannot be run: %s. Name the interpreter with python.executable in module.yaml or patchbay.yaml"
                            .formatted(launch.executable(), e.getMessage()));
        }
        try (Writer stdin = process.outputWriter(StandardCharsets.US_ASCII)) {
            stdin.write(token + " " + ProcessHandle.current().pid() + "\n");
        } catch (IOException e) {
            // it ended at once; waiting for it tells why
        }
        return process;
    }

    /// Waits for the process to come.
    ///
    /// @param end by [System#nanoTime]
    /// @throws WorkerLost if it ends before, or does not come in time
    SocketChannel await(Launch launch, Process process, WorkerLog log, long end)
            throws IOException, WorkerLost, InterruptedException {
        while (true) {
            SocketChannel channel = server.accept();
            if (channel != null) {
                channel.configureBlocking(true);
                return channel;
            }
            if (!process.isAlive()) {
                throw new WorkerLost("%s %s before it said a word%s"
                        .formatted(launch.executable(), Worker.exit(process), log.lastWords()));
            }
            if (System.nanoTime() - end >= 0) {
                throw WorkerLost.late(launch, "did not say a word", log);
            }
            Thread.sleep(POLL);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket());
        Files.deleteIfExists(directory);
    }
}

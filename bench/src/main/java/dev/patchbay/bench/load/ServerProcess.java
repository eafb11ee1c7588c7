package dev.patchbay.bench.load;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A server under test, in a process of its own.
public final class ServerProcess implements AutoCloseable {
    private static final Duration START_AT_MOST = Duration.ofMinutes(3);

    private final String name;
    private final Process process;
    private final Path log;

    private ServerProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /// Starts a server and waits until it answers a call with 200.
    ///
    /// @param logs where its output goes
    public static ServerProcess start(String name, List<String> command, URI target, String body, Path logs)
            throws IOException, InterruptedException {
        Path log = logs.resolve(name + ".log");
        File output = log.toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        ServerProcess server = new ServerProcess(name, process, log);
        try {
            server.awaitAnswer(target, body);
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void awaitAnswer(URI target, String body) throws IOException, InterruptedException {
        long end = System.nanoTime() + START_AT_MOST.toNanos();
        LoadPlan one = LoadPlan.of(target, body).over(1, new Pace.Closed(), Duration.ofSeconds(1));
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new IOException(name + " ended with " + process.exitValue() + "; see " + log);
            }
            LoadReport report = LoadRun.start(one.calls(1)).await();
            if (report.answers() == 1 && report.failures() == 0) {
                return;
            }
            Thread.sleep(250);
        }
        throw new IOException(name + " did not answer 200 within " + START_AT_MOST + "; see " + log);
    }

    public String name() {
        return name;
    }

    public ServerUsage usage() {
        return ServerUsage.of(process.pid());
    }

    /// What the processes use that the server started, and those that they did.
    public List<ServerUsage> workers() {
        return process.descendants()
                .flatMap(worker -> {
                    try {
                        return Stream.of(ServerUsage.of(worker.pid()));
                    } catch (UncheckedIOException e) {
                        // it ended just now
                        return Stream.empty();
                    }
                })
                .toList();
    }

    /// The CPU time that the server's JVM has spent on compiling, in seconds.
    public double compilerSeconds() {
        return ServerUsage.compilerSeconds(process.pid());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// A port that is free now.
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}

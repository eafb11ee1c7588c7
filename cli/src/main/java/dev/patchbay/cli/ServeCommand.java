package dev.patchbay.cli;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.server.GatewayServer;
import dev.patchbay.server.ServeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

/// Runs a gateway until it is told to stop.
@Command(
        name = "serve",
        description = "Run a gateway that serves a folder with patchbay.yaml and modules/.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    /// Tasks that are listed at the start.
    private static final int TASKS_SHOWN = 20;

    @Parameters(paramLabel = "FOLDER", defaultValue = ".", description = "The folder (default: the current one).")
    private Path folder = Path.of(".");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep revisions and artifacts here; without it nothing outlives the process.")
    private @Nullable Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:PATCHBAY_PORT:-8080}",
            description = "Callers' port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "${env:PATCHBAY_ADMIN_PORT:-8081}",
            description = "Operators' port, on loopback (default: ${DEFAULT-VALUE}).")
    private int adminPort;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "dev",
            description =
                    "dev: loopback only, no credentials. production: needs authentication, which is not built yet.")
    private String profile = "dev";

    @Option(
            names = "--dev",
            description = "FOLDER is a module project: on every save build it, test it, and swap it in if all is well.")
    private boolean dev;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (!profile.equals("dev")) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "profile '%s' is refused: a gateway beyond loopback needs authentication, which this version does not have. Use --profile dev on loopback"
                            .formatted(profile));
        }
        requirePort("--port", port);
        requirePort("--admin-port", adminPort);
        if (!Files.isDirectory(folder)) {
            throw new CommandFailed(ExitCode.FAILED, "there is no folder " + folder);
        }
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        try (ExitNotice notice = ExitNotice.telling(
                ". The gateway ends with it: no JVM can prevent that. `modules.refuse: [exit]` in patchbay.yaml keeps such modules out")) {
            return dev ? develop(out) : serve(out, folder.toAbsolutePath().normalize(), server -> {});
        }
    }

    private static void requirePort(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "%s is %d; ports go from 0, which takes a free one, to 65535".formatted(option, port));
        }
    }

    private int develop(PrintWriter out) throws InterruptedException, IOException {
        try (DevLoop loop = new DevLoop(folder, out)) {
            if (!loop.begin()) {
                throw new CommandFailed(
                        ExitCode.CHECK_NOT_PASSED, "nothing is served before the project passes its checks");
            }
            return serve(out, loop.served(), server -> {
                loop.watch(new Client("http://127.0.0.1:" + server.port(), "http://127.0.0.1:" + server.adminPort()));
                out.println("  watching " + folder + " · save a file to build, test and swap · Ctrl-C ends it");
                out.flush();
            });
        }
    }

    /// @param running told when the gateway serves
    private int serve(PrintWriter out, Path place, Consumer<GatewayServer> running) throws InterruptedException {
        long started = System.nanoTime();
        GatewayServer server;
        try {
            server = GatewayServer.start(new ServeOptions(
                    place,
                    data,
                    "127.0.0.1",
                    port,
                    adminPort,
                    System.getProperty("user.name", "file"),
                    System.getenv(Client.TOKEN)));
        } catch (ConfigInvalid e) {
            throw new CommandFailed(
                    ExitCode.CHECK_NOT_PASSED, folder.resolve("patchbay.yaml") + " is refused:\n" + e.getMessage());
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.FAILED, e.getMessage() == null ? e.toString() : e.getMessage());
        }
        banner(out, server, System.nanoTime() - started);
        running.accept(server);
        awaitSignal();
        server.close();
        return ExitCode.DONE;
    }

    private void banner(PrintWriter out, GatewayServer server, long nanos) {
        out.printf(
                "Patchbay serves %s · ready in %.1f s · %s%n",
                folder, nanos / 1e9, data == null ? "memory only (add --data DIR to keep state)" : "state in " + data);
        out.printf(
                "  API      http://localhost:%d/v1/inference/{task}   docs     http://localhost:%d/docs%n",
                server.port(), server.port());
        out.printf(
                "  console  http://localhost:%d/console/              metrics  http://localhost:%d/metrics%n",
                server.adminPort(), server.adminPort());
        if (System.getenv(Client.TOKEN) != null) {
            out.println("  the admin API asks for the token in " + Client.TOKEN);
        }
        List<String> tasks = server.summary();
        tasks.stream().limit(TASKS_SHOWN).forEach(task -> out.println("  " + task));
        if (tasks.size() > TASKS_SHOWN) {
            out.printf("  … and %,d more: patchbay modules%n", tasks.size() - TASKS_SHOWN);
        }
        out.flush();
    }

    /// Waits for the signal to stop. The signal is handled here, before the JVM begins to exit, because native
    /// engines free themselves when it does, also under calls that still run.
    private static void awaitSignal() throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        Signal.handle(new Signal("TERM"), signal -> stop.countDown());
        Signal.handle(new Signal("INT"), signal -> stop.countDown());
        stop.await();
    }
}

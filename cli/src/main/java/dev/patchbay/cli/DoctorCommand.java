package dev.patchbay.cli;

import dev.patchbay.core.deploy.ModelRuntimes;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Looks at everything that a gateway needs and says how to mend what is missing. Changes nothing.
@Command(
        name = "doctor",
        description = "Check what a gateway needs, and the gateway that runs.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    private static final int JAVA = 25;

    @Option(names = "--data", paramLabel = "DIR", description = "The directory that state is to be kept in.")
    private @Nullable Path data;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    private int problems;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        check(
                out,
                Runtime.version().feature() >= JAVA,
                "java " + Runtime.version(),
                "needs Java " + JAVA + " or newer");
        check(
                out,
                Runtime.getRuntime().maxMemory() > 200L << 20,
                "memory " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB",
                "give the JVM at least 256 MiB: -Xmx256m");
        try {
            ModelRuntimes runtimes = ModelRuntimes.installed();
            check(
                    out,
                    !runtimes.formats().isEmpty(),
                    "engines: " + String.join(", ", runtimes.formats()),
                    "no model engine is on the class path; models cannot be run");
        } catch (java.util.ServiceConfigurationError | LinkageError e) {
            check(out, false, "engines", "a model engine cannot be loaded: " + e);
        }
        if (data != null) {
            check(
                    out,
                    Files.isDirectory(data) ? Files.isWritable(data) : !Files.exists(data),
                    "data " + data,
                    "is not a directory that can be written");
        }
        gateway(out);
        out.println(
                problems == 0
                        ? "All is well."
                        : problems + (problems == 1 ? " problem." : " problems.") + " Nothing was changed.");
        out.flush();
        return problems == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void gateway(PrintWriter out) {
        JsonNode status;
        Client client = Objects.requireNonNull(patchbay).client();
        try {
            status = client.get("/admin/v1/status");
        } catch (CommandFailed e) {
            out.println("◌ no gateway runs here");
            port(out, 8080);
            port(out, 8081);
            return;
        }
        check(out, true, "a gateway runs, revision " + status.path("revision").asString(), "");
        for (JsonNode task : status.path("tasks_without_default")) {
            check(
                    out,
                    false,
                    "task " + task.asString(),
                    "its default version is not ready; `patchbay modules` shows the cause");
        }
        check(
                out,
                status.path("problems").isEmpty(),
                "the config file is in force",
                "the saved config is refused; `patchbay routes` shows why");
        for (JsonNode module : client.get("/admin/v1/modules").path("modules")) {
            if (module.has("cause")) {
                check(
                        out,
                        false,
                        module.path("source").asString(),
                        module.path("cause").asString());
            }
        }
    }

    private void port(PrintWriter out, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            check(out, socket.isBound(), "port " + port + " is free", "");
        } catch (IOException e) {
            check(out, false, "port " + port, "is taken by another program; use --port and --admin-port");
        }
    }

    private void check(PrintWriter out, boolean well, String what, String mend) {
        if (!well) {
            problems++;
        }
        out.println((well ? "✔ " : "✖ ") + what + (well ? "" : " → " + mend));
    }
}

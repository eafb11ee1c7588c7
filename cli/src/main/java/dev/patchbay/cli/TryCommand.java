package dev.patchbay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;

/// Makes real calls. The answer goes to the output, what is known about the call to the error output.
@Command(name = "try", description = "Call a task.", mixinStandardHelpOptions = true)
final class TryCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "TASK", description = "The task.")
    private String task = "";

    @Parameters(index = "1", paramLabel = "REQUEST", description = "JSON, @FILE, or - for the standard input.")
    private String request = "";

    @Option(names = "--version", paramLabel = "V", description = "Ask for a version or alias.")
    private @Nullable String version;

    @Option(names = "--tenant", paramLabel = "T", description = "Ask as this tenant.")
    private @Nullable String tenant;

    @Option(names = "--timeout", paramLabel = "D", description = "Wait so long, such as 250ms or 5s.")
    private @Nullable String timeout;

    @Option(names = "--stream", description = "Take the answer in parts.")
    private boolean stream;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description = "Call so many times and count the versions.")
    private int repeat;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        byte[] body = body();
        Client client = parent.client();
        if (repeat > 1) {
            return repeated(client, body, out);
        }
        long from = System.nanoTime();
        HttpResponse<String> response = send(client, body);
        double millis = (System.nanoTime() - from) / 1e6;
        if (response.statusCode() >= 400) {
            throw new CommandFailed(ExitCode.FAILED, problem(response));
        }
        out.println(
                parent.json || stream
                        ? response.body()
                        : Client.JSON.readTree(response.body()).toPrettyString());
        out.flush();
        err.printf(
                "%s %s · %s · %.1f ms · id %s%n",
                task,
                header(response, "inference-version"),
                header(response, "inference-route"),
                millis,
                header(response, "inference-request-id"));
        err.flush();
        return ExitCode.DONE;
    }

    private int repeated(Client client, byte[] body, PrintWriter out) {
        Map<String, Integer> versions = new TreeMap<>();
        int failed = 0;
        for (int i = 0; i < repeat; i++) {
            HttpResponse<String> response = send(client, body);
            if (response.statusCode() >= 400) {
                failed++;
            } else {
                versions.merge(header(response, "inference-version"), 1, Integer::sum);
            }
        }
        out.printf("%d ok · %s · %d failed%n", repeat - failed, versions, failed);
        out.flush();
        return failed == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }

    private HttpResponse<String> send(Client client, byte[] body) {
        HttpRequest.Builder builder = HttpRequest.newBuilder()
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (tenant != null) {
            builder.header("inference-tenant", tenant);
        }
        if (timeout != null) {
            builder.header("inference-timeout", timeout);
        }
        if (stream) {
            builder.header("accept", "text/event-stream");
        }
        return client.call(builder, "/v1/inference/" + task + (version == null ? "" : "/versions/" + version));
    }

    private byte[] body() throws IOException {
        if (request.equals("-")) {
            return System.in.readAllBytes();
        }
        if (request.startsWith("@")) {
            try {
                return Files.readAllBytes(Path.of(request.substring(1)));
            } catch (NoSuchFileException e) {
                throw new CommandFailed(ExitCode.USAGE, "there is no file " + request.substring(1));
            }
        }
        return request.getBytes(StandardCharsets.UTF_8);
    }

    private static String problem(HttpResponse<String> response) {
        try {
            return Client.problem(Client.JSON.readTree(response.body()));
        } catch (JacksonException e) {
            return "the gateway answered " + response.statusCode();
        }
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("–");
    }
}

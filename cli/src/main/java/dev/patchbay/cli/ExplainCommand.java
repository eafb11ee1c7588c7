package dev.patchbay.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Shows, step by step, which version a caller gets, by the function that routes.
@Command(
        name = "explain",
        description = "Show step by step which version a caller gets, and why.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    @Parameters(paramLabel = "TASK", description = "The task.")
    private String task = "";

    @Option(names = "--tenant", paramLabel = "T", description = "The caller's tenant.")
    private @Nullable String tenant;

    @Option(
            names = {"--attribute", "-a"},
            paramLabel = "NAME=VALUE",
            description = "A unit or attribute of the call, such as pet_id=luna.")
    private @Nullable Map<String, String> attributes;

    @Option(names = "--request", paramLabel = "FILE", description = "Take attributes from a request, FILE or @FILE.")
    private @Nullable String request;

    @Option(names = "--version", paramLabel = "V", description = "The version the caller asks for.")
    private @Nullable String version;

    @Option(names = "--at", paramLabel = "N", description = "By an older config revision.")
    private @Nullable Long revision;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Patchbay parent = Objects.requireNonNull(patchbay);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ObjectNode query = Client.JSON.createObjectNode().put("task", task);
        query.put("tenant", tenant).put("version", version);
        if (revision != null) {
            query.put("revision", revision);
        }
        if (request != null) {
            query.set("request", request(request));
        }
        ObjectNode given = query.putObject("attributes");
        if (attributes != null) {
            attributes.forEach(given::put);
        }
        JsonNode answer = parent.client().post("/admin/v1/explain", query);
        if (parent.json) {
            out.println(answer.toPrettyString());
        } else {
            print(out, answer);
        }
        out.flush();
        return answer.path("failure").isString() ? ExitCode.FAILED : ExitCode.DONE;
    }

    /// `try` takes its files with an `@`, so that this takes them with one too.
    private static JsonNode request(String given) throws IOException {
        String file = given.startsWith("@") ? given.substring(1) : given;
        try {
            return Client.JSON.readTree(Files.readAllBytes(Path.of(file)));
        } catch (NoSuchFileException e) {
            throw new CommandFailed(ExitCode.USAGE, "there is no file " + file);
        } catch (JacksonException e) {
            throw new CommandFailed(ExitCode.USAGE, file + " is no valid JSON: " + e.getOriginalMessage());
        }
    }

    private void print(PrintWriter out, JsonNode answer) {
        out.printf(
                "%s for tenant=%s%s at revision %s%n",
                task,
                tenant == null ? "none" : tenant,
                attributes == null ? "" : " " + attributes,
                answer.path("revision").asString());
        int number = 1;
        for (JsonNode step : answer.path("steps")) {
            String outcome = step.path("outcome").asString().replace('_', ' ');
            StringBuilder line = new StringBuilder(" %d %-10s  %s %s"
                    .formatted(
                            number++,
                            step.path("kind").asString(),
                            outcome.equals("chosen") ? "✔" : "–",
                            step.path("rule").asString("")));
            if (step.path("version").isString()) {
                line.append(" → ").append(step.path("version").asString());
            }
            line.append("  ").append(outcome);
            if (step.path("bucket").isNumber()) {
                line.append("  bucket %.3f %%, share %.3f–%.3f %% (salt %s)"
                        .formatted(
                                step.path("bucket").doubleValue(),
                                step.path("from").doubleValue(),
                                step.path("until").doubleValue(),
                                step.path("salt").asString()));
            }
            if (step.path("detail").isString()) {
                line.append("  ").append(step.path("detail").asString());
            }
            out.println(line);
        }
        if (answer.path("version").isString()) {
            out.printf(
                    "→ %s  reason %s%n",
                    answer.path("version").asString(), answer.path("reason").asString());
        } else {
            out.println("✖ " + answer.path("failure").asString());
        }
    }
}

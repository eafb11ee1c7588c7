package dev.patchbay.cli;

import dev.patchbay.testkit.conformance.Conformance;
import dev.patchbay.testkit.conformance.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `patchbay conformance`: whether a server keeps the Open Inference Protocol.
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        description = {
            "Hold any server to the Open Inference Protocol v2 over REST and gRPC, rule by rule.",
            "Asks small requests one after the other and changes nothing. Exits with 3 if a rule is broken that the",
            "protocol demands; a warning is a rule that clients expect to be kept."
        })
final class ConformanceCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.shared();

    @ParentCommand
    @Nullable
    Patchbay patchbay;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "URL", description = "The server, such as http://localhost:8080.")
    String url = "";

    @Option(
            names = "--grpc",
            paramLabel = "HOST:PORT",
            description = "Where the server speaks gRPC, without TLS (default: host and port of the URL).")
    @Nullable
    String grpc;

    @Option(names = "--model", description = "The model to ask (default: the first listed that answers zeros).")
    @Nullable
    String model;

    @Option(
            names = "--request",
            paramLabel = "FILE",
            description = "An inference request that the model answers, with data in JSON; needs --model.")
    @Nullable
    Path request;

    @Override
    public Integer call() {
        if (request != null && model == null) {
            throw new CommandFailed(ExitCode.USAGE, "--request needs --model, the model that answers it");
        }
        Conformance report;
        try {
            report = Conformance.of(URI.create(url), grpc, model, request == null ? null : read(request));
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.UNREACHABLE, url + ": " + e.getMessage());
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (patchbay != null && patchbay.json) {
            out.println(JSON.writeValueAsString(json(report)));
            out.flush();
        } else {
            print(out, report);
        }
        return report.failures().isEmpty() ? ExitCode.DONE : ExitCode.CHECK_NOT_PASSED;
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, file + " cannot be read: " + e);
        } catch (JacksonException e) {
            throw new CommandFailed(ExitCode.FAILED, file + " is no JSON: " + e.getOriginalMessage());
        }
    }

    private static String word(Finding finding) {
        return switch (finding.result()) {
            case KEPT -> "✔ kept";
            case BROKEN -> finding.rule().required() ? "✖ broken" : "! warning";
            case SKIPPED -> "◌ skipped";
        };
    }

    private static void print(PrintWriter out, Conformance report) {
        Table table = new Table("RESULT", "RULE", "WHAT A SERVER DOES", "WHERE");
        for (Finding finding : report.findings()) {
            table.row(
                    word(finding),
                    finding.rule().id(),
                    finding.rule().says(),
                    finding.rule().source());
        }
        table.print(out);
        // what many rules are skipped for is said once
        Map<String, List<Finding>> reasons = report.findings().stream()
                .filter(finding -> !finding.seen().isEmpty())
                .collect(Collectors.groupingBy(Finding::seen, LinkedHashMap::new, Collectors.toList()));
        reasons.forEach((seen, findings) -> out.printf(
                "%n%s  %s%n  %s%n",
                word(findings.getFirst()),
                findings.stream().map(finding -> finding.rule().id()).collect(Collectors.joining(", ")),
                seen));
        long kept = count(report, Finding.Result.KEPT);
        out.printf(
                Locale.ROOT,
                "%n%s · %d rules kept, %d broken, %d skipped · model %s%n",
                report.failures().isEmpty() ? "keeps the protocol" : "does not keep the protocol",
                kept,
                count(report, Finding.Result.BROKEN),
                count(report, Finding.Result.SKIPPED),
                report.model().isEmpty() ? "none" : report.model());
        out.flush();
    }

    private static long count(Conformance report, Finding.Result result) {
        return report.findings().stream()
                .filter(finding -> finding.result() == result)
                .count();
    }

    private static JsonNode json(Conformance report) {
        ObjectNode json = JSON.createObjectNode()
                .put("model", report.model())
                .put("conforms", report.failures().isEmpty());
        ArrayNode rules = json.putArray("rules");
        for (Finding finding : report.findings()) {
            rules.addObject()
                    .put("id", finding.rule().id())
                    .put("says", finding.rule().says())
                    .put("source", finding.rule().source())
                    .put("required", finding.rule().required())
                    .put("result", finding.result().name().toLowerCase(Locale.ROOT))
                    .put("seen", finding.seen());
        }
        return json;
    }
}

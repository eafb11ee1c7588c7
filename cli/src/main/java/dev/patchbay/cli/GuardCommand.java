package dev.patchbay.cli;

import dev.patchbay.llm.guard.Injection;
import dev.patchbay.llm.guard.InjectionBench;
import dev.patchbay.llm.guard.InjectionBench.Line;
import dev.patchbay.llm.guard.InjectionBench.Sample;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `patchbay guard bench`: how well the detector of prompt injection does on data files.
@Command(
        name = "guard",
        description = "Measure the rails of prompts.",
        mixinStandardHelpOptions = true,
        subcommands = GuardCommand.Bench.class)
final class GuardCommand {

    @ParentCommand
    @Nullable
    Patchbay patchbay;

    @Command(
            name = "bench",
            mixinStandardHelpOptions = true,
            description = {
                "Measure the detector of prompt injection on data files, with one threshold over all of them.",
                "A file is a JSON array, or lines of JSON, of objects with 'prompt' (or 'text') and 'label' (1 is an attack).",
                "A file without labels holds harmless texts and measures over-defence."
            })
    static final class Bench implements Callable<Integer> {

        private static final JsonMapper JSON = JsonMapper.shared();

        @ParentCommand
        @Nullable
        GuardCommand guard;

        @Spec
        @Nullable
        CommandSpec spec;

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "Data files.")
        List<Path> files = List.of();

        @Override
        public Integer call() {
            List<Sample> samples = files.stream().map(Bench::sample).toList();
            Injection detector = new Injection();
            InjectionBench.run(detector::score, Injection.THRESHOLD, samples);
            InjectionBench.Result result = InjectionBench.run(detector::score, Injection.THRESHOLD, samples);
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            boolean json = guard != null && guard.patchbay != null && guard.patchbay.json;
            if (json) {
                out.println(JSON.writeValueAsString(result));
                out.flush();
                return 0;
            }
            out.printf(
                    Locale.ROOT,
                    "detector %s, usual threshold %.2f, median %.0f µs a text%n",
                    Injection.VERSION,
                    Injection.THRESHOLD,
                    result.microsMedian());
            out.printf(
                    Locale.ROOT,
                    "threshold for at most 1 %% false positives over all files: %.2f%n%n",
                    result.threshold());
            Table table = new Table("FILE", "ATTACKS", "HARMLESS", "RECALL AT 1 % FP", "RECALL", "HARMLESS BLOCKED");
            for (Line line : result.lines()) {
                table.row(
                        line.name(),
                        Integer.toString(line.attacks()),
                        Integer.toString(line.harmless()),
                        percent(line.recall()),
                        percent(line.recallUsual()),
                        percent(line.blocked()));
            }
            table.print(out);
            return 0;
        }

        private static String percent(double share) {
            return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f %%", share * 100);
        }

        private static Sample sample(Path file) {
            List<String> attacks = new ArrayList<>();
            List<String> harmless = new ArrayList<>();
            for (JsonNode entry : entries(file)) {
                String text = entry.path("prompt").asString(entry.path("text").asString(""));
                if (text.isEmpty()) {
                    throw new CommandFailed(ExitCode.FAILED, file + ": an entry has neither 'prompt' nor 'text'");
                }
                (entry.path("label").asInt(0) == 1 ? attacks : harmless).add(text);
            }
            return new Sample(String.valueOf(file.getFileName()), attacks, harmless);
        }

        private static List<JsonNode> entries(Path file) {
            List<JsonNode> entries = new ArrayList<>();
            try {
                String text = Files.readString(file);
                if (text.stripLeading().startsWith("[")) {
                    JSON.readTree(text).forEach(entries::add);
                } else {
                    text.lines().filter(line -> !line.isBlank()).forEach(line -> entries.add(JSON.readTree(line)));
                }
            } catch (IOException e) {
                throw new CommandFailed(ExitCode.FAILED, file + " cannot be read: " + e);
            } catch (JacksonException e) {
                throw new CommandFailed(ExitCode.FAILED, file + " is no JSON: " + e.getOriginalMessage());
            }
            return entries;
        }
    }
}

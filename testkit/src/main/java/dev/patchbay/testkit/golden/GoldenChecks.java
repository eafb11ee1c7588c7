package dev.patchbay.testkit.golden;

import dev.patchbay.api.FieldError;
import dev.patchbay.core.golden.GoldenCase;
import dev.patchbay.core.golden.GoldenCase.Expected;
import dev.patchbay.core.golden.GoldenCase.Runs;
import dev.patchbay.core.golden.Mismatch;
import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.Reply;
import dev.patchbay.testkit.RunningModule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Whether known requests get the answers they should, and whether the answers are to each other as they should.
public final class GoldenChecks {

    private static final int LONGEST_SHOWN = 300;
    private static final int MOST_FAILURES_SHOWN = 3;

    private GoldenChecks() {}

    /// Lists one check for each case and each relation.
    public static List<Check> of(RunningModule module, List<GoldenFile> files) {
        List<Check> checks = new ArrayList<>();
        Map<String, GoldenCase> all = new LinkedHashMap<>();
        for (GoldenFile file : files) {
            for (GoldenCase each : file.document().cases()) {
                all.put(each.name(), each);
                checks.add(new Check(Check.Kind.GOLDEN, title(each), () -> run(module, each)));
            }
        }
        for (GoldenFile file : files) {
            for (JsonNode relation : file.document().relations()) {
                Relation read = Relation.read(file.name(), relation, cases(file, all));
                checks.add(new Check(Check.Kind.GOLDEN, read.title(), () -> read.check(module)));
            }
        }
        return checks;
    }

    /// Lists the requests of cases that are to be answered, to begin other checks with.
    public static List<JsonNode> requests(List<GoldenFile> files) {
        return files.stream()
                .flatMap(file -> file.document().cases().stream())
                .filter(each -> !(each.expected() instanceof Expected.Error))
                .map(GoldenCase::request)
                .toList();
    }

    /// A relation names cases of its own file without the file.
    private static Map<String, GoldenCase> cases(GoldenFile file, Map<String, GoldenCase> all) {
        Map<String, GoldenCase> named = new LinkedHashMap<>(all);
        for (GoldenCase each : file.document().cases()) {
            named.put(each.name().substring(each.name().indexOf('/') + 1), each);
        }
        return named;
    }

    private static String title(GoldenCase golden) {
        String kind = golden.kind() == GoldenCase.Kind.TYPICAL
                ? ""
                : " (" + golden.kind().name().toLowerCase(Locale.ROOT) + ")";
        return golden.name() + kind + (golden.about().isBlank() ? "" : ": " + golden.about());
    }

    private static Finding run(RunningModule module, GoldenCase golden) throws InterruptedException {
        if (golden.expected() instanceof Expected.Open) {
            return Finding.skipped(
                    "it says neither 'answer' nor 'error'. The module says: %s%nTo make that the answer: patchbay test --record"
                            .formatted(module.ask(golden.request(), golden.tenant())
                                    .describe()));
        }
        if (golden.runs().equals(Runs.ONCE)) {
            List<Mismatch> wrong = ask(module, golden);
            return wrong.isEmpty() ? Finding.passed("") : Finding.failed(words(wrong) + asked(golden.request()));
        }
        return often(module, golden, golden.runs());
    }

    /// Asks once and lists what is wrong.
    static List<Mismatch> ask(RunningModule module, GoldenCase golden) throws InterruptedException {
        return switch (module.ask(golden.request(), golden.tenant())) {
            case Reply.Answer answer -> golden.answered(answer.json());
            case Reply.Refusal refusal ->
                golden.refused(
                        refusal.error().code().id(),
                        refusal.isCallersFault() ? refusal.error().getMessage() : refusal.describe(),
                        refusal.error().fields().stream().map(FieldError::path).toList(),
                        error(refusal));
        };
    }

    private static ObjectNode error(Reply.Refusal refusal) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("code", refusal.error().code().id())
                .put("message", refusal.error().getMessage());
    }

    private static Finding often(RunningModule module, GoldenCase golden, Runs runs) throws InterruptedException {
        int passed = 0;
        Map<String, Integer> failures = new LinkedHashMap<>();
        for (int i = 0; i < runs.times(); i++) {
            List<Mismatch> wrong = ask(module, golden);
            if (wrong.isEmpty()) {
                passed++;
            } else {
                failures.merge(words(wrong), 1, Integer::sum);
            }
        }
        PassRate rate = new PassRate(passed, runs.times());
        boolean enough = runs.certain() ? rate.low() >= runs.passRate() : rate.share() >= runs.passRate();
        if (enough) {
            return Finding.passed(rate.toString());
        }
        String wanted =
                "at least %s %% are wanted%s".formatted(percent(runs.passRate()), runs.certain() ? " for certain" : "");
        String hint = runs.certain() && passed == runs.times()
                ? "\nAll runs passed, but they are too few to prove it: %s"
                        .formatted(
                                runs.passRate() < 1
                                        ? PassRate.runsToProve(runs.passRate()) + " are needed"
                                        : "no number of runs proves 100 %")
                : "";
        return Finding.failed(rate + "; " + wanted + hint + failures(failures) + asked(golden.request()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    private static String failures(Map<String, Integer> failures) {
        return failures.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MOST_FAILURES_SHOWN)
                .map(entry -> "\n%d times: %s".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining());
    }

    private static String words(List<Mismatch> wrong) {
        return wrong.stream().map(Mismatch::toString).collect(Collectors.joining("\n"));
    }

    private static String asked(JsonNode request) {
        String text = request.toString();
        return "\nasked: "
                + (text.length() <= LONGEST_SHOWN
                        ? text
                        : text.substring(0, LONGEST_SHOWN) + "… (" + text.length() + " characters)");
    }
}

package dev.patchbay.testkit.golden;

import dev.patchbay.core.golden.GoldenCase;
import dev.patchbay.core.golden.GoldenCase.Expected;
import dev.patchbay.core.golden.Mismatch;
import dev.patchbay.testkit.ArtifactFiles.NamedFile;
import dev.patchbay.testkit.Reply;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.contract.ContractChecks;
import dev.patchbay.testkit.golden.GoldenChange.Edit;
import dev.patchbay.testkit.golden.GoldenPlaces.Span;
import dev.patchbay.testkit.project.ModuleProject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes what a module answers today into golden files: for cases without an answer, for examples without a case,
/// and, when asked to, for values that changed. What somebody wrote as a rule, an error or a relation is never
/// touched. Nothing is written before it was shown and agreed to.
public final class GoldenRecorder {

    private static final int TIMES = 3;
    private static final int LARGEST_INLINE = 2_000;
    private static final String HEAD =
            "# what the module said when this was recorded; look it over, and say in 'about' why it is right\n";

    private final RunningModule module;
    private final ModuleProject project;
    private final List<GoldenFile> files;
    private final List<String> notes = new ArrayList<>();

    public GoldenRecorder(RunningModule module, ModuleProject project, List<GoldenFile> files) {
        this.module = module;
        this.project = project;
        this.files = files;
    }

    /// Tells what could not be recorded, and why.
    public List<String> notes() {
        return List.copyOf(notes);
    }

    // --- new answers ---

    /// Lists what there is to record: the answers of cases that have none, and of examples that no case asks.
    public List<GoldenChange> record() throws InterruptedException {
        List<GoldenChange> changes = new ArrayList<>();
        Set<JsonNode> known = new HashSet<>();
        for (GoldenFile file : files) {
            for (GoldenCase each : file.document().cases()) {
                known.add(each.request());
                Path path = file.path();
                if (!(each.expected() instanceof Expected.Open)) {
                    continue;
                }
                if (path == null) {
                    notes.add(each.name() + ": it is inside a jar; give the project's folder instead");
                    continue;
                }
                JsonNode outcome = outcome(each.name(), each.request(), each.tenant());
                changes.add(new GoldenChange(path, each.name(), lines(outcome), List.of(added(file, each, outcome))));
            }
        }
        for (NamedFile example : ContractChecks.examples(module)) {
            example(example, known, changes);
        }
        return changes;
    }

    private void example(NamedFile example, Set<JsonNode> known, List<GoldenChange> changes)
            throws InterruptedException {
        JsonNode request;
        try {
            request = JsonMapper.shared().readTree(example.content());
        } catch (JacksonException e) {
            notes.add(example.name() + " is no JSON");
            return;
        }
        Path folder = project.newGoldenFolder();
        Path file = folder.resolve(example.stem() + ".yaml");
        if (!known.add(request) || Files.exists(file)) {
            return;
        }
        JsonNode outcome = outcome(example.stem(), request, null);
        StringBuilder text = new StringBuilder(HEAD);
        Path source = source(example);
        if (source != null && example.content().length > LARGEST_INLINE) {
            text.append("request_file: ")
                    .append(folder.relativize(source).toString().replace('\\', '/'))
                    .append('\n');
        } else {
            text.append(YamlText.entry("request", request, 0));
        }
        outcome.properties().forEach(entry -> text.append(YamlText.entry(entry.getKey(), entry.getValue(), 0)));
        changes.add(new GoldenChange(file, example.stem(), lines(outcome), List.of(new Edit(0, 0, text.toString()))));
    }

    private @org.jspecify.annotations.Nullable Path source(NamedFile example) {
        for (String place :
                List.of("src/main/resources/META-INF/patchbay/examples", "src/main/resources/examples", "examples")) {
            Path source = project.folder().resolve(place).resolve(example.name());
            if (Files.isRegularFile(source)) {
                return source;
            }
        }
        return null;
    }

    /// Asks a few times and gives what to write: an answer, or the error.
    private ObjectNode outcome(String name, JsonNode request, @org.jspecify.annotations.Nullable String tenant)
            throws InterruptedException {
        List<JsonNode> answers = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            switch (module.ask(request, tenant)) {
                case Reply.Answer answer -> answers.add(answer.json());
                case Reply.Refusal refusal -> {
                    return error(name, refusal);
                }
            }
        }
        Recording recording = new Recording();
        JsonNode expectation = recording.of(answers);
        if (!recording.leftOut().isEmpty()) {
            notes.add("%s: %s differ from run to run; only what stays the same is recorded. Say what must hold of them"
                    .formatted(name, String.join(", ", recording.leftOut())));
        }
        ObjectNode outcome = JsonNodeFactory.instance.objectNode();
        outcome.set("answer", expectation);
        return outcome;
    }

    private ObjectNode error(String name, Reply.Refusal refusal) {
        if (!refusal.isCallersFault()) {
            notes.add("%s: the module fails on it (%s); is that right?".formatted(name, refusal.describe()));
        }
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("code", refusal.error().code().id());
        refusal.error().fields().stream().findFirst().ifPresent(field -> error.put("path", field.path()));
        ObjectNode outcome = JsonNodeFactory.instance.objectNode();
        outcome.set("error", error);
        return outcome;
    }

    private static List<String> lines(JsonNode outcome) {
        List<String> lines = new ArrayList<>();
        outcome.properties()
                .forEach(entry -> YamlText.entry(entry.getKey(), entry.getValue(), 0)
                        .lines()
                        .forEach(line -> lines.add("+ " + line)));
        return lines;
    }

    private static Edit added(GoldenFile file, GoldenCase golden, JsonNode outcome) {
        Span span = new GoldenPlaces(file.text()).find(golden.place()).orElseThrow();
        StringBuilder text = new StringBuilder();
        if (span.isFlow()) {
            outcome.properties()
                    .forEach(entry -> text.append(", ")
                            .append('"')
                            .append(entry.getKey())
                            .append("\": ")
                            .append(
                                    file.name().endsWith(".json")
                                            ? entry.getValue().toString()
                                            : YamlText.flow(entry.getValue())));
            return new Edit(span.to() - 1, span.to() - 1, text.toString());
        }
        int line = file.text().indexOf('\n', span.to());
        int at = line < 0 ? file.text().length() : line;
        text.append('\n');
        outcome.properties()
                .forEach(entry -> text.append(YamlText.entry(entry.getKey(), entry.getValue(), span.indent())));
        text.setLength(text.length() - 1);
        if (line < 0) {
            text.append('\n');
        }
        return new Edit(at, at, text.toString());
    }

    // --- changed answers ---

    /// Lists the values that are not what they were when they were recorded.
    public List<GoldenChange> update() throws InterruptedException {
        List<GoldenChange> changes = new ArrayList<>();
        for (GoldenFile file : files) {
            for (GoldenCase each : file.document().cases()) {
                List<Mismatch> wrong = GoldenChecks.ask(module, each);
                // one of many runs says nothing about how often a case is right
                if (!wrong.isEmpty() && each.runs().equals(GoldenCase.Runs.ONCE)) {
                    changed(file, each, wrong, changes);
                }
            }
        }
        return changes;
    }

    private void changed(GoldenFile file, GoldenCase golden, List<Mismatch> wrong, List<GoldenChange> changes) {
        List<String> lines = new ArrayList<>();
        List<Edit> edits = new ArrayList<>();
        Path path = file.path();
        GoldenPlaces places = new GoldenPlaces(file.text());
        for (Mismatch mismatch : wrong) {
            if (!mismatch.isValue() || path == null) {
                notes.add("%s: %s. %s"
                        .formatted(
                                golden.name(),
                                mismatch,
                                path == null
                                        ? "It is inside a jar; give the project's folder instead"
                                        : "Somebody wrote this rule; change it by hand if it is wrong"));
                continue;
            }
            Span span =
                    places.find(golden.place() + "/answer" + mismatch.place()).orElseThrow();
            JsonNode now = mismatch.actual().isMissingNode()
                    ? JsonNodeFactory.instance.objectNode().put("absent", true)
                    : new Recording().of(List.of(mismatch.actual()));
            String text = file.name().endsWith(".json") ? now.toString() : YamlText.flow(now);
            String at = mismatch.path().isEmpty() ? "the answer" : mismatch.path();
            lines.add("- " + at + ": "
                    + file.text().substring(span.from(), span.to()).replaceAll("\\s+", " "));
            lines.add("+ " + at + ": " + text);
            edits.add(new Edit(span.from(), span.to(), text));
        }
        if (!edits.isEmpty() && path != null) {
            changes.add(new GoldenChange(path, golden.name(), lines, edits));
        }
    }

    // --- writing ---

    /// Makes changes, each file in one step.
    public static void write(List<GoldenChange> changes) throws IOException {
        List<Path> paths = changes.stream().map(GoldenChange::file).distinct().toList();
        for (Path path : paths) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            StringBuilder text = new StringBuilder(Files.exists(path) ? Files.readString(path) : "");
            changes.stream()
                    .filter(change -> change.file().equals(path))
                    .flatMap(change -> change.edits().stream())
                    .sorted(Comparator.comparingInt(Edit::from).reversed())
                    .forEach(edit -> text.replace(edit.from(), edit.to(), edit.text()));
            Path next = path.resolveSibling("." + path.getFileName() + ".new");
            Files.write(next, text.toString().getBytes(StandardCharsets.UTF_8));
            Files.move(
                    next,
                    path,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        }
    }
}

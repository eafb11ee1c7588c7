package dev.patchbay.testkit.contract;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.FieldError;
import dev.patchbay.core.schema.JsonSchema;
import dev.patchbay.testkit.ArtifactFiles;
import dev.patchbay.testkit.ArtifactFiles.NamedFile;
import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.Reply;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.contract.EdgeCase.Expected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whether a module does what its descriptor and schemas promise: examples are answered, requests at the edges
/// of the schema are taken, those beyond it are refused with the right path, and equal requests get equal
/// answers where the module says so.
public final class ContractChecks {

    private static final int LONGEST_SHOWN = 300;
    private static final String ANOTHER_TASK =
            "\nThe module asks another task. Run that task's module beside it: --with <artifact>, or with = \"…\" in @ModuleTest";

    private final RunningModule module;
    private final List<JsonNode> requests;
    /// What is said after the first request that was not answered in time or took all memory; no more are asked.
    private @Nullable String late;

    private ContractChecks(RunningModule module, List<JsonNode> requests) {
        this.module = module;
        this.requests = requests;
    }

    /// Lists the checks of a module.
    ///
    /// @param requests known valid requests, such as those of golden cases, beside the artifact's examples
    public static List<Check> of(RunningModule module, List<JsonNode> requests) {
        return new ContractChecks(module, requests).checks();
    }

    private List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(check("says who it is", this::descriptor));
        List<JsonNode> valid = new ArrayList<>();
        for (NamedFile example : examples(module)) {
            checks.add(check("answers its example " + example.name(), () -> example(example)));
            tree(example).filter(this::fits).ifPresent(valid::add);
        }
        valid.addAll(requests.stream().filter(this::fits).toList());
        SchemaView schema = SchemaView.of(module.requestSchema());
        if (valid.isEmpty()) {
            Sample.of(schema).filter(this::fits).ifPresent(valid::add);
        }
        if (valid.isEmpty()) {
            checks.add(check(
                    "is asked at the edges of its schema",
                    () -> Finding.failed(
                            "there is no request to begin with: none can be made up from the schema%s. Add one as META-INF/patchbay/examples/<name>.json to the artifact; it warms the module up as well"
                                    .formatted(Sample.obstacle(schema)))));
            return checks;
        }
        checks.add(check("answers a plain request", () -> answered(valid.getFirst())));
        for (EdgeCase edge : Edges.of(schema, valid.getFirst())) {
            if (!(edge.expected() instanceof Expected.Taken) || fits(edge.request())) {
                checks.add(check(name(edge), () -> run(edge)));
            }
        }
        checks.add(check("gives equal answers to equal requests", () -> Determinism.find(module, valid)));
        return checks;
    }

    private static Check check(String name, Check.Body body) {
        return new Check(Check.Kind.CONTRACT, name, body);
    }

    private static String name(EdgeCase edge) {
        return (edge.expected() instanceof Expected.Taken ? "takes " : "refuses ") + edge.name();
    }

    /// Lists the example requests an artifact carries.
    public static List<NamedFile> examples(RunningModule module) {
        return ArtifactFiles.list(module.artifact(), ".json", "META-INF/patchbay/examples", "examples");
    }

    /// Lists valid requests: the artifact's examples, or one that is made up.
    public static List<JsonNode> requests(RunningModule module) {
        ContractChecks checks = new ContractChecks(module, List.of());
        List<JsonNode> valid = new ArrayList<>();
        for (NamedFile example : examples(module)) {
            tree(example).filter(checks::fits).ifPresent(valid::add);
        }
        if (valid.isEmpty()) {
            Sample.of(SchemaView.of(module.requestSchema()))
                    .filter(checks::fits)
                    .ifPresent(valid::add);
        }
        return valid;
    }

    private boolean fits(JsonNode request) {
        return JsonSchema.compile(module.requestSchema()).check(request).isEmpty();
    }

    private static Optional<JsonNode> tree(NamedFile file) {
        try {
            return Optional.of(JsonMapper.shared().readTree(file.content()));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private Finding descriptor() {
        var descriptor = module.descriptor();
        if (descriptor.description().isBlank()) {
            return Finding.passed("owner " + descriptor.owner()
                    + "; it has no description, so that the catalogue cannot say what it answers");
        }
        return Finding.passed("owner %s: %s".formatted(descriptor.owner(), descriptor.description()));
    }

    private Finding example(NamedFile example) throws InterruptedException {
        Optional<JsonNode> request = tree(example);
        return request.isEmpty() ? Finding.failed("the file is no JSON") : answered(request.get());
    }

    private Finding answered(JsonNode request) throws InterruptedException {
        if (late != null) {
            return Finding.skipped(late);
        }
        return switch (asking(request)) {
            case Reply.Answer answer -> Finding.passed(shorten(answer.describe()));
            case Reply.Refusal refusal -> Finding.failed(refusal.describe() + asked(request) + advice(refusal));
        };
    }

    private Reply asking(JsonNode request) throws InterruptedException {
        Reply reply = module.ask(request);
        if (reply instanceof Reply.Refusal refusal && refusal.error().code() == ErrorCode.DEADLINE_EXCEEDED) {
            late = "not asked, because a request before it was not answered in time";
        } else if (reply instanceof Reply.Refusal refusal && tookAllMemory(refusal)) {
            late = "not asked, because a request before it took all memory";
        }
        return reply;
    }

    private Finding run(EdgeCase edge) throws InterruptedException {
        if (late != null && edge.expected() instanceof Expected.Taken) {
            return Finding.skipped(late);
        }
        Reply reply = asking(edge.request());
        return switch (edge.expected()) {
            case Expected.Taken _ -> taken(edge, reply);
            case Expected.Refused(String path) -> refused(edge, reply, path);
        };
    }

    private static Finding taken(EdgeCase edge, Reply reply) {
        return switch (reply) {
            case Reply.Answer _ -> Finding.passed("");
            case Reply.Refusal refusal
            when refusal.isCallersFault() ->
                Finding.passed(
                        "refused by the module itself: " + refusal.error().getMessage());
            case Reply.Refusal refusal -> Finding.failed(refusal.describe() + asked(edge.request()) + advice(refusal));
        };
    }

    private static boolean tookAllMemory(Reply.Refusal refusal) {
        return refusal.error().code() == ErrorCode.MODULE_FAILED
                && String.valueOf(refusal.error().getCause()).startsWith("java.lang.OutOfMemoryError");
    }

    private static String advice(Reply.Refusal refusal) {
        return switch (refusal.error().code()) {
            case MODULE_FAILED -> failed(refusal);
            case INVALID_RESPONSE ->
                "\nThe schema allows this request, and the answer to it breaks the answer's own schema. Mend the answer, or widen its schema"
                        + (refusal.error().getMessage().contains("is missing")
                                ? "; a component that may be missing is Optional or @Nullable"
                                : "");
            case DEPENDENCY_FAILED -> refusal.error().getMessage().contains("There is no task") ? ANOTHER_TASK : "";
            case UNKNOWN_TASK, UNKNOWN_VERSION, VERSION_UNAVAILABLE -> ANOTHER_TASK;
            case DEADLINE_EXCEEDED ->
                "\nThe schema allows this request, but answering it takes too long. Make it quicker, or allow more: limits.timeout of the task in patchbay.yaml";
            default -> "";
        };
    }

    private static String failed(Reply.Refusal refusal) {
        if (tookAllMemory(refusal)) {
            return "\nThe schema allows this request, but there is not enough memory to answer it. Bound what one request may take, or narrow the schema (@Max, @Size)";
        }
        return String.valueOf(refusal.error().getCause()).contains("because \"this.")
                ? "\nA field was never set. What a module needs, it makes in load(ModuleContext)"
                : "\nThe schema allows this request. Answer it, narrow the schema (@Min, @Max, @Size, @Pattern on the record's component), or refuse it with InferenceException.invalid(path, message)";
    }

    private static Finding refused(EdgeCase edge, Reply reply, String path) {
        return switch (reply) {
            case Reply.Answer answer ->
                Finding.failed("it was answered: " + shorten(answer.describe()) + asked(edge.request()));
            case Reply.Refusal refusal
            when refusal.error().code() != ErrorCode.INVALID_REQUEST ->
                Finding.failed("it was to be invalid-request at " + shown(path) + ", but is " + refusal.describe()
                        + asked(edge.request()));
            case Reply.Refusal refusal
            when refusal.error().fields().stream().map(FieldError::path).noneMatch(path::equals) ->
                Finding.failed("it was refused, but not at " + shown(path) + ": " + refusal.describe()
                        + asked(edge.request()));
            case Reply.Refusal refusal ->
                Finding.passed(refusal.error().fields().stream()
                        .filter(field -> field.path().equals(path))
                        .map(field -> shown(path) + " " + field.message())
                        .findFirst()
                        .orElse(""));
        };
    }

    private static String shown(String path) {
        return path.isEmpty() ? "the request" : path;
    }

    private static String asked(JsonNode request) {
        return "\nasked: " + shorten(request.toString());
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST_SHOWN
                ? text
                : text.substring(0, LONGEST_SHOWN) + "… (" + text.length() + " characters)";
    }
}

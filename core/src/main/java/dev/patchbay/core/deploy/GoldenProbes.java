package dev.patchbay.core.deploy;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.FieldError;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.execution.Callee;
import dev.patchbay.core.execution.ModuleCall;
import dev.patchbay.core.golden.GoldenCase;
import dev.patchbay.core.golden.GoldenDocument;
import dev.patchbay.core.golden.GoldenInvalid;
import dev.patchbay.core.golden.Mismatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks a version that is warm the golden cases of its artifact that say `probe: true`. One that gets them wrong
/// does not become ready: a model file that was mixed up is found before a caller meets it.
final class GoldenProbes {

    private static final Logger log = LoggerFactory.getLogger(GoldenProbes.class);
    private static final String FOLDER = "golden";
    /// A composed module may be here before the tasks it asks.
    private static final Set<ErrorCode> OTHERS_MISSING =
            EnumSet.of(ErrorCode.UNKNOWN_TASK, ErrorCode.VERSION_UNAVAILABLE, ErrorCode.DEPENDENCY_FAILED);

    private final Callee callee;
    private final Function<@Nullable String, ModuleCall> calls;

    /// @param calls gives the call of a tenant, or of nobody
    GoldenProbes(Callee callee, Function<@Nullable String, ModuleCall> calls) {
        this.callee = callee;
        this.calls = calls;
    }

    /// @throws DeploymentFailed if an answer is wrong, or a file cannot be understood
    void ask(ModuleArtifact artifact) throws IOException {
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (Path file : artifact.list(FOLDER)) {
            for (GoldenCase golden : cases(artifact, file)) {
                if (golden.probe()) {
                    asked++;
                    List<Mismatch> mismatches = ask(golden);
                    if (!mismatches.isEmpty()) {
                        wrong.add(golden.name() + ": "
                                + mismatches.stream().map(Mismatch::toString).collect(Collectors.joining("; ")));
                    }
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw new DeploymentFailed(
                    "probe",
                    "%d of %d golden probes are answered wrongly. %s"
                            .formatted(wrong.size(), asked, String.join(". ", wrong)));
        }
    }

    private static List<GoldenCase> cases(ModuleArtifact artifact, Path file) throws IOException {
        String name = file.getFileName().toString();
        if (!GoldenDocument.isOne(name)) {
            return List.of();
        }
        try {
            return GoldenDocument.read(name, Files.readString(file), path -> sibling(artifact, file, path))
                    .cases();
        } catch (GoldenInvalid e) {
            throw new DeploymentFailed("probe", FOLDER + "/" + e.getMessage(), e);
        }
    }

    /// Reads a file that a case names; the artifact is all it may look at.
    private static @Nullable String sibling(ModuleArtifact artifact, Path file, String path) {
        Path found = file.resolveSibling(path).normalize();
        if (!found.startsWith(artifact.root()) || !Files.isRegularFile(found)) {
            return null;
        }
        try {
            return Files.readString(found);
        } catch (IOException e) {
            throw new DeploymentFailed("probe", path + " cannot be read: " + e, e);
        }
    }

    private List<Mismatch> ask(GoldenCase golden) {
        try {
            Object request = callee.codec().decode(golden.request());
            Object answer = callee.module().predict(request, calls.apply(golden.tenant()));
            return golden.answered(JsonMapper.shared().readTree(callee.codec().encode(answer)));
        } catch (InferenceException e) {
            if (OTHERS_MISSING.contains(e.code()) && golden.expected() instanceof GoldenCase.Expected.Answer) {
                log.info("{} is not probed with '{}': {}", callee.name(), golden.name(), e.getMessage());
                return List.of();
            }
            return refused(golden, e.code(), e.getMessage(), e.fields());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeploymentFailed("probe", "interrupted", e);
        } catch (Exception e) {
            return refused(golden, ErrorCode.MODULE_FAILED, e.toString(), List.of());
        }
    }

    private static List<Mismatch> refused(GoldenCase golden, ErrorCode code, String message, List<FieldError> fields) {
        JsonNode error =
                JsonMapper.shared().createObjectNode().put("code", code.id()).put("message", message);
        return golden.refused(
                code.id(), message, fields.stream().map(FieldError::path).toList(), error);
    }
}

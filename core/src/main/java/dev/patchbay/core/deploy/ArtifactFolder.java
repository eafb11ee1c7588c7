package dev.patchbay.core.deploy;

import dev.patchbay.api.runtime.Folder;
import dev.patchbay.core.execution.CurrentCall;
import dev.patchbay.core.schema.JsonSchema;
import dev.patchbay.core.schema.JsonValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// An artifact as a module kind sees it.
record ArtifactFolder(ModuleArtifact artifact) implements Folder {

    @Override
    public Optional<String> text(String path) {
        return artifact.find(path).map(file -> {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException(path + " is no UTF-8", e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public Optional<Object> json(String path) {
        return text(path).map(text -> {
            try {
                return JsonValues.of(JsonMapper.shared().readTree(text));
            } catch (JacksonException e) {
                throw new IllegalArgumentException(
                        "%s is no JSON: %s (line %d, column %d)"
                                .formatted(
                                        path,
                                        e.getOriginalMessage(),
                                        e.getLocation().getLineNr(),
                                        e.getLocation().getColumnNr()),
                        e);
            }
        });
    }

    @Override
    public List<String> list(String directory) {
        return artifact.list(directory).stream()
                .map(artifact.root()::relativize)
                .map(Path::toString)
                .toList();
    }

    @Override
    public Path directory() {
        return artifact.root();
    }

    @Override
    public Check check(Map<String, Object> schema) {
        JsonSchema compiled = JsonSchema.compile(JsonValues.tree(schema));
        return value -> compiled.check(JsonValues.tree(value));
    }

    @Override
    public void modelRan(long fromNanos, long toNanos) {
        CurrentCall.modelRan(fromNanos, toNanos);
    }
}

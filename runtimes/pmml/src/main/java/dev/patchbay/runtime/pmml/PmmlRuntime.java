package dev.patchbay.runtime.pmml;

import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.runtime.ModelRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.pmml4s.model.Model;

/// The PMML engine of the process. It has no threads and no native memory of its own.
public final class PmmlRuntime implements ModelRuntime {

    @Override
    public String format() {
        return "pmml";
    }

    @Override
    public boolean accepts(Path model) {
        return model.toString().endsWith(".pmml");
    }

    @Override
    public OpenModel open(Path file, ModelOptions options) {
        if (!options.engine().isEmpty()) {
            throw new IllegalArgumentException("the PMML engine has no options, but there is '%s'"
                    .formatted(options.engine().keySet().iterator().next()));
        }
        byte[] document;
        try {
            document = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PmmlFields fields = PmmlFields.read(String.valueOf(file.getFileName()), document);
        @Nullable Model model;
        try {
            model = Model.fromBytes(document);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "PMML4S refuses %s: %s".formatted(file.getFileName(), e.getMessage()), e);
        }
        if (model == null || !model.isScorable()) {
            throw new IllegalArgumentException(
                    "%s cannot be scored: it has no model, or one of a kind that PMML4S does not know, or says isScorable=\"false\""
                            .formatted(file.getFileName()));
        }
        return new PmmlModel(model, fields);
    }

    @Override
    public boolean runsOnCaller(ModelOptions options) {
        return true;
    }

    @Override
    public void close() {}
}

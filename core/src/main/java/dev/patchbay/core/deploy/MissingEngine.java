package dev.patchbay.core.deploy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Words what to add when there is no engine for a model.
final class MissingEngine {

    /// An engine that is not part of every installation, and the endings of the files it runs.
    private record Optionally(String format, List<String> endings) {}

    private static final List<Optionally> ENGINES = List.of(
            new Optionally("onnx", List.of(".onnx")),
            new Optionally("pmml", List.of(".pmml")),
            new Optionally("tensorflow", List.of("saved_model.pb")),
            new Optionally("torchscript", List.of(".pt", ".pth", ".ts", ".torchscript")));

    private MissingEngine() {}

    /// Tells whether an engine for a format exists, here or not.
    static boolean exists(String format) {
        return ENGINES.stream().anyMatch(engine -> engine.format().equals(format));
    }

    static String forFormat(String format, Collection<String> formats) {
        return "no engine here runs '%s' models; there are engines for %s. %s"
                .formatted(format, formats, howToAdd(format));
    }

    /// @param model the file as the module names it
    static String forModel(String model, Collection<String> formats) {
        Optional<Optionally> known = ENGINES.stream()
                .filter(engine -> engine.endings().stream().anyMatch(model::endsWith))
                .filter(engine -> !formats.contains(engine.format()))
                .findFirst();
        return known.map(engine -> "no engine here runs '%s'; there are engines for %s. %s"
                        .formatted(model, formats, howToAdd(engine.format())))
                .orElseGet(() ->
                        "no engine here runs '%s'; there are engines for %s. An engine knows its models by the ending of the file"
                                .formatted(model, formats));
    }

    private static String howToAdd(String format) {
        return "Add the one for it with 'patchbay runtime add %s' (or, where Patchbay is a library, with dev.patchbay:patchbay-runtime-%s on the class path), and start again"
                .formatted(format, format);
    }
}

package dev.patchbay.api;

import java.util.Map;

/// Options for the engine that opens a model.
///
/// @param threads how many threads one run may use inside the engine; 1 suits small models and many callers
/// @param engine further options under the engine's own names, passed on as they are
public record ModelOptions(int threads, Map<String, String> engine) {

    /// One thread per run, nothing else.
    public static final ModelOptions DEFAULT = new ModelOptions(1, Map.of());

    public ModelOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; a run needs at least 1");
        }
        engine = Map.copyOf(engine);
    }
}

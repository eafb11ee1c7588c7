package dev.patchbay.api.runtime;

import dev.patchbay.api.Model;
import dev.patchbay.api.ModelOptions;
import java.nio.file.Path;

/// An engine that runs models of one format. The gateway finds engines by [java.util.ServiceLoader] on its own
/// class path and keeps one object of each for the life of the process; modules never load an engine.
public interface ModelRuntime extends AutoCloseable {

    /// Names the format as in `module.yaml`, such as `onnx`.
    String format();

    /// Tells whether a model is of this engine's format: a file by its name, a folder by what is in it.
    boolean accepts(Path model);

    /// Opens a model. May be called by many threads.
    ///
    /// @param model a file or folder the host keeps unchanged while the model is open
    /// @throws IllegalArgumentException if the engine refuses the model or an option; the message says why
    OpenModel open(Path model, ModelOptions options);

    /// Tells whether models with these options are opened and run on the calling thread alone, without threads of the
    /// engine's own. The host then tries a new version on a thread that gives way to those that answer calls, which
    /// an engine's threads would inherit for good.
    default boolean runsOnCaller(ModelOptions options) {
        return false;
    }

    /// Ends the engine; every model is closed by then.
    @Override
    void close();

    /// A model that its owner, the host, closes. [#close] is called once, after the last [Model#run] returned.
    ///
    /// A run may throw [MismatchedInputs] beside what [Model#run] says.
    interface OpenModel extends Model, AutoCloseable {
        @Override
        void close();
    }
}

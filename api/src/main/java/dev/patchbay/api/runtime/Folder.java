package dev.patchbay.api.runtime;

import dev.patchbay.api.FieldError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A module's folder as its [ModuleKind] sees it, and what the host lends for it. Valid for the life of the process;
/// may be used by many threads.
public interface Folder {

    /// Reads a text file.
    ///
    /// @param path the path inside the folder
    /// @return empty if there is no such file
    /// @throws IllegalArgumentException if it is no UTF-8
    Optional<String> text(String path);

    /// Reads a JSON file.
    ///
    /// @return empty if there is no such file
    /// @throws IllegalArgumentException if it is no JSON; the message names file, line and column
    Optional<Object> json(String path);

    /// Lists the paths of the files directly inside a directory, in the order of their names.
    List<String> list(String directory);

    /// Gives the directory itself; the host keeps its files unchanged while a module of it lives, and nobody writes
    /// there.
    Path directory();

    /// Compiles a JSON Schema 2020-12.
    ///
    /// @throws IllegalArgumentException if it is none, or has a keyword that the host does not know
    Check check(Map<String, Object> schema);

    /// Adds a model's running time to the call that the current thread is in; the host's stages are made of it.
    ///
    /// @param fromNanos by [System#nanoTime]
    void modelRan(long fromNanos, long toNanos);

    /// A compiled schema.
    @FunctionalInterface
    interface Check {

        /// Tells what is wrong with a value; empty if it fits.
        List<FieldError> errors(Object value);
    }
}

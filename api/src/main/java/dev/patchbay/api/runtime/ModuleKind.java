package dev.patchbay.api.runtime;

import java.nio.file.Path;
import java.util.Map;

/// A kind of module that is a folder without code: `module.yaml` has a section with the kind's name, and the kind
/// makes a module of it. The gateway finds kinds by [java.util.ServiceLoader] on its own class path and keeps one
/// object of each for the life of the process. May be used by many threads.
///
/// **Values.** Sections, schemas, requests and answers are JSON in plain Java: maps with string keys, lists, strings,
/// booleans, numbers and null.
public interface ModuleKind extends AutoCloseable {

    /// Names the kind's section in `module.yaml`, and in `patchbay.yaml` the one that holds for all its modules.
    String name();

    /// Told where the kind may keep what is to outlive the process, before any config; not told if the gateway keeps
    /// nothing.
    ///
    /// @param folder the kind's own, which may not be there yet
    default void keepIn(Path folder) {}

    /// Checks the kind's section of a `patchbay.yaml` that may come into force. Changes nothing yet, and the result
    /// may be dropped.
    ///
    /// @param section empty if the config has none
    /// @return puts the section in force, at once; does not fail
    /// @throws IllegalArgumentException if the section is wrong, or if a module that is loaded could no
    ///     longer answer with it; the message begins with the key
    Runnable configure(Map<String, Object> section);

    /// Reads a folder, without asking anything outside it and without starting anything.
    ///
    /// @param section the kind's section of `module.yaml`
    /// @throws IllegalArgumentException if something is wrong in it; the message names file or key
    FolderModule read(Map<String, Object> section, Folder folder);

    /// Ends the kind; all its modules are gone by then.
    @Override
    void close();
}

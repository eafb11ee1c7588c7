package dev.patchbay.testkit;

import dev.patchbay.testkit.project.ModuleCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Small modules that are written in a test and compiled while it runs.
public final class ModuleFixture {

    private static final String HEAD = """
            package fixture;

            import dev.patchbay.api.*;
            import jakarta.validation.constraints.*;
            import java.util.*;

            """;

    private final Path folder;

    private ModuleFixture(Path folder) {
        this.folder = folder;
    }

    /// Compiles a module.
    ///
    /// @param annotation what `@Module` says beside owner
    /// @param body the members of the class: the records `Request` and `Answer`, and the methods
    public static ModuleFixture compile(Path home, String annotation, String body) throws IOException {
        Path sources = Files.createDirectories(home.resolve("sources"));
        Files.writeString(
                sources.resolve("Fixture.java"),
                HEAD
                        + "@dev.patchbay.api.Module(owner = \"tests\", " + annotation + ")\n"
                        + "public final class Fixture implements InferenceModule<Fixture.Request, Fixture.Answer> {\n"
                        + body.indent(4)
                        + "}\n");
        Path artifact = home.resolve("artifact");
        ModuleCompiler.compile(sources, artifact);
        return new ModuleFixture(artifact);
    }

    /// Adds a file.
    public ModuleFixture with(String path, String content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    /// Gives the artifact.
    public Path artifact() {
        return folder;
    }
}

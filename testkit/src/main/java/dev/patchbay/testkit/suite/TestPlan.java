package dev.patchbay.testkit.suite;

import dev.patchbay.testkit.project.ModuleProject;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is tested, and beside what.
///
/// @param project the module
/// @param config the text of a `patchbay.yaml` with the module's settings; may be empty
/// @param companions artifacts that run beside it, for tasks that it asks
/// @param golden folders with golden cases, beside those of the project
/// @param previous the artifact of the previous version, to compare schemas with
public record TestPlan(
        ModuleProject project,
        String config,
        List<Path> companions,
        List<Path> golden,
        @Nullable Path previous) {

    /// Plans to test a module by itself.
    public static TestPlan of(Path given) {
        return new TestPlan(ModuleProject.at(given), "", List.of(), List.of(), null);
    }
}

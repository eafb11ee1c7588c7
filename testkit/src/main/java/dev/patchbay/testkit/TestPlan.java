package dev.patchbay.testkit;

import dev.patchbay.testkit.load.LoadPlan;
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
/// @param rounds how often the module is loaded to see whether it leaks; 0 to see that only when asked for
/// @param load how it is put under load
public record TestPlan(
        ModuleProject project,
        String config,
        List<Path> companions,
        List<Path> golden,
        @Nullable Path previous,
        int rounds,
        LoadPlan load) {

    /// The usual number of rounds to find a leak.
    public static final int ROUNDS = 20;

    /// Plans without leaks and load.
    public TestPlan(
            ModuleProject project, String config, List<Path> companions, List<Path> golden, @Nullable Path previous) {
        this(project, config, companions, golden, previous, 0, LoadPlan.USUAL);
    }

    /// Plans to test a module by itself.
    public static TestPlan of(Path given) {
        return new TestPlan(ModuleProject.at(given), "", List.of(), List.of(), null);
    }
}

package dev.patchbay.testkit.authors;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.testkit.ModuleNotReady;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.project.ModuleProject;
import dev.patchbay.testkit.project.ProjectBroken;
import dev.patchbay.testkit.report.ConsoleReport;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

/// What the author of a module is told by `patchbay test`.
final class Told {

    private Told() {}

    /// Gives it without times, and without what passed.
    static String of(Path project, String config) throws Exception {
        try {
            TestPlan plan = new TestPlan(ModuleProject.at(project), config, List.of(), List.of(), null);
            TestReport report;
            try (ModuleSuite suite = ModuleSuite.start(plan)) {
                report = suite.run(suite.all(), result -> {});
            } catch (ModuleNotReady e) {
                report = ModuleSuite.notReady(plan, e);
            }
            StringWriter printed = new StringWriter();
            new ConsoleReport(new PrintWriter(printed), false, false).print(report);
            return printed.toString().replaceAll(" in \\d+\\.\\d s", "");
        } catch (ProjectBroken | ConfigInvalid e) {
            return String.valueOf(e.getMessage());
        }
    }
}

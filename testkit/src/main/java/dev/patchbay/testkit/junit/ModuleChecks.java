package dev.patchbay.testkit.junit;

import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.suite.ModuleSuite;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The standard checks of the kit as tests, one for each check: the same that `patchbay test` runs. For classes
/// with [ModuleTest].
public interface ModuleChecks {

    /// Lists the checks by kind.
    @TestFactory
    default Stream<DynamicNode> checks(ModuleSuite suite) {
        List<Check> all = suite.all();
        List<DynamicNode> kinds = new ArrayList<>();
        for (Check.Kind kind : Check.Kind.values()) {
            List<DynamicTest> tests = all.stream()
                    .filter(check -> check.kind() == kind)
                    .map(check -> DynamicTest.dynamicTest(check.name(), () -> run(check)))
                    .toList();
            if (!tests.isEmpty()) {
                kinds.add(DynamicContainer.dynamicContainer(kind.label(), tests));
            }
        }
        return kinds.stream();
    }

    private static void run(Check check) throws InterruptedException {
        CheckResult result = check.run();
        switch (result.finding().verdict()) {
            case FAILED -> throw new AssertionError(result.finding().text());
            case SKIPPED -> Assumptions.abort(result.finding().text());
            case PASSED -> {}
        }
    }
}

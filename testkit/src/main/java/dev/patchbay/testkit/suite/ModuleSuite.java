package dev.patchbay.testkit.suite;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.ModuleNotReady;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.TestGateway;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.contract.CompatibilityChecks;
import dev.patchbay.testkit.contract.ContractChecks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A module that runs, and everything that can be found out about it. The command line and the JUnit extension
/// are two ways to run the same checks.
public final class ModuleSuite implements AutoCloseable {

    private final TestPlan plan;
    private final TestGateway gateway;
    private final RunningModule module;

    private ModuleSuite(TestPlan plan, TestGateway gateway, RunningModule module) {
        this.plan = plan;
        this.gateway = gateway;
        this.module = module;
    }

    /// Starts a gateway with the module and its companions.
    ///
    /// @throws ModuleNotReady if one of them does not start
    /// @throws ConfigInvalid if the plan's config is none
    public static ModuleSuite start(TestPlan plan) throws InterruptedException {
        TestGateway gateway = TestGateway.start(plan.config());
        try {
            for (Path companion : plan.companions()) {
                gateway.deploy(companion);
            }
            return new ModuleSuite(plan, gateway, gateway.deploy(plan.project().artifact()));
        } catch (RuntimeException | InterruptedException e) {
            gateway.close();
            throw e;
        }
    }

    /// Gives the module under test.
    public RunningModule module() {
        return module;
    }

    /// Gives the gateway that it runs in.
    public TestGateway gateway() {
        return gateway;
    }

    /// Lists the checks of the contract.
    public List<Check> contract() {
        return ContractChecks.of(module, List.of());
    }

    /// Lists the checks against the previous version; none if the plan names no previous version.
    public List<Check> compatibility() {
        Path previous = plan.previous();
        if (previous == null) {
            return List.of();
        }
        try (TestGateway other = TestGateway.start(plan.config())) {
            return CompatibilityChecks.of(other.deploy(previous), module);
        } catch (ModuleNotReady e) {
            return List.of(new Check(
                    Check.Kind.COMPATIBILITY,
                    "can be compared with " + previous.getFileName(),
                    () -> Finding.failed("the previous version does not start: " + e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /// Lists everything that was planned.
    public List<Check> all() {
        List<Check> checks = new ArrayList<>(contract());
        checks.addAll(compatibility());
        return checks;
    }

    /// Runs checks and gives the report.
    ///
    /// @param each told about every result as soon as it is there
    public TestReport run(List<Check> checks, Consumer<CheckResult> each) throws InterruptedException {
        Instant started = Instant.now();
        long from = System.nanoTime();
        List<CheckResult> results = new ArrayList<>();
        for (Check check : checks) {
            CheckResult result = check.run();
            results.add(result);
            each.accept(result);
        }
        return new TestReport(
                module.toString(), module.descriptor().description(), started, System.nanoTime() - from, results);
    }

    /// Makes the report about a module that did not start.
    public static TestReport notReady(TestPlan plan, ModuleNotReady cause) {
        return new TestReport(
                plan.project().folder().getFileName().toString(),
                "",
                Instant.now(),
                0,
                List.of(new CheckResult(Check.Kind.CONTRACT, "starts", Finding.failed(cause.getMessage()), 0)));
    }

    @Override
    public void close() {
        gateway.close();
    }
}

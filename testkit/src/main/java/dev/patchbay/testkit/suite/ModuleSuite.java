package dev.patchbay.testkit.suite;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.core.golden.GoldenDocument;
import dev.patchbay.core.golden.GoldenInvalid;
import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.CheckResult;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.ModuleNotReady;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.TestGateway;
import dev.patchbay.testkit.TestPlan;
import dev.patchbay.testkit.TestReport;
import dev.patchbay.testkit.contract.CompatibilityChecks;
import dev.patchbay.testkit.contract.ContractChecks;
import dev.patchbay.testkit.golden.GoldenChecks;
import dev.patchbay.testkit.golden.GoldenFile;
import dev.patchbay.testkit.leak.LeakChecks;
import dev.patchbay.testkit.load.LoadChecks;
import dev.patchbay.testkit.rules.RuleChecks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// A module that runs, and everything that can be found out about it. The command line and the JUnit extension
/// are two ways to run the same checks.
public final class ModuleSuite implements AutoCloseable {

    /// The kinds of checks that take no longer than a few seconds.
    public static final Set<Check.Kind> USUAL = Collections.unmodifiableSet(
            EnumSet.of(Check.Kind.CONTRACT, Check.Kind.COMPATIBILITY, Check.Kind.GOLDEN, Check.Kind.RULES));

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
        try {
            return ContractChecks.of(module, GoldenChecks.requests(goldenFiles()));
        } catch (GoldenInvalid e) {
            return ContractChecks.of(module, List.of());
        }
    }

    /// Lists the golden cases and the relations between them.
    public List<Check> golden() {
        try {
            return GoldenChecks.of(module, goldenFiles());
        } catch (GoldenInvalid e) {
            return List.of(new Check(
                    Check.Kind.GOLDEN, "has golden files that can be read", () -> Finding.failed(e.getMessage())));
        }
    }

    /// Lists the rules for every answer; none if there is no file with rules.
    public List<Check> rules() {
        return GoldenFile.rules(plan.project(), plan.golden())
                .map(text -> RuleChecks.of(module, GoldenDocument.RULES, text, requests()))
                .orElse(List.of());
    }

    /// Prepares a load run.
    public LoadChecks load() {
        return LoadChecks.prepare(
                module, requests(), plan.load(), plan.project().home());
    }

    /// Lists requests that the module answers: the artifact's examples and those of golden cases.
    private List<JsonNode> requests() {
        List<JsonNode> requests = new ArrayList<>(ContractChecks.requests(module));
        try {
            requests.addAll(GoldenChecks.requests(goldenFiles()));
        } catch (GoldenInvalid e) {
            // the golden checks tell about it
            return requests;
        }
        return requests;
    }

    /// Lists the golden files.
    ///
    /// @throws GoldenInvalid if one of them cannot be understood
    public List<GoldenFile> goldenFiles() {
        return GoldenFile.of(plan.project(), plan.golden());
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

    /// Lists the usual checks, and those for leaks if they are planned.
    public List<Check> all() {
        List<Check> checks = new ArrayList<>(of(USUAL));
        if (plan.rounds() > 0) {
            checks.addAll(of(EnumSet.of(Check.Kind.LEAK)));
        }
        return checks;
    }

    /// Lists the checks of some kinds.
    public List<Check> of(Set<Check.Kind> kinds) {
        List<Check> checks = new ArrayList<>();
        for (Check.Kind kind : kinds) {
            checks.addAll(
                    switch (kind) {
                        case CONTRACT -> contract();
                        case COMPATIBILITY -> compatibility();
                        case GOLDEN -> golden();
                        case RULES -> rules();
                        case LEAK ->
                            LeakChecks.of(plan, plan.rounds() > 0 ? plan.rounds() : TestPlan.ROUNDS, requests());
                        case LOAD -> load().checks();
                    });
        }
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

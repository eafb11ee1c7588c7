package dev.patchbay.bench.compare;

import dev.patchbay.bench.load.LoadPlan;
import dev.patchbay.bench.load.LoadReport;
import dev.patchbay.bench.load.LoadRun;
import dev.patchbay.bench.load.ServerProcess;
import dev.patchbay.bench.load.ServerUsage;

/// A run of load against a server, and what the server spent on it.
///
/// @param report what the callers saw
/// @param turn the same with what the server spent
record Slice(LoadReport report, Turn turn) {

    /// Loads a server.
    static Slice of(ServerProcess server, LoadPlan plan) {
        ServerUsage before = server.usage();
        LoadReport report = LoadRun.start(plan).await();
        ServerUsage after = server.usage();
        double cpu = (after.cpuSeconds() - before.cpuSeconds()) * 1e6 / Math.max(1, report.answers());
        return new Slice(
                report,
                new Turn(
                        cpu,
                        report.perSecond(),
                        report.p50(),
                        report.p99(),
                        report.failures(),
                        after.rssKilobytes() / 1024));
    }
}

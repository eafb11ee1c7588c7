package dev.patchbay.bench.swap;

import dev.patchbay.bench.load.LoadReport;
import java.util.List;

/// What a run of changes did to callers and to the process.
///
/// @param quiet the same load before the first change
/// @param afterTeardown calls that began or went on after teardown, by the gateway's own count
/// @param leaked retired versions still in memory at the end, by the gateway's own account
record SwapReport(
        String model,
        int changes,
        LoadReport quiet,
        LoadReport load,
        List<Footprint> footprints,
        long afterTeardown,
        long leaked,
        boolean alive) {

    String table() {
        StringBuilder text = new StringBuilder()
                .append("%d changes of %s, each a new artifact loaded and the one before retired%n"
                        .formatted(changes, model))
                .append("before   ")
                .append(quiet.table())
                .append("during   ")
                .append(load.table())
                .append("stall    the longest call took %.0f ms more than the longest before the changes%n"
                        .formatted((load.max() - quiet.max()) / 1e3))
                .append("teardown %d calls met the teardown of their version%n".formatted(afterTeardown))
                .append("process  %s, %d retired versions still in memory%n"
                        .formatted(alive ? "alive" : "DEAD", leaked));
        text.append("%n%8s %9s %9s %12s %9s %9s %7s %9s %9s %12s%n"
                .formatted(
                        "change",
                        "RSS MB",
                        "heap MB",
                        "metaspace MB",
                        "code MB",
                        "threads",
                        "files",
                        "classes",
                        "workers",
                        "their RSS MB"));
        int step = Math.max(1, footprints.size() / 10);
        for (int i = 0; i < footprints.size(); i++) {
            if (i % step == 0 || i == footprints.size() - 1) {
                Footprint f = footprints.get(i);
                text.append("%8d %9.0f %9.0f %12.1f %9.1f %9.0f %7.0f %9.0f %9d %12.0f%n"
                        .formatted(
                                f.change(),
                                f.rss(),
                                f.heap(),
                                f.metaspace(),
                                f.code(),
                                f.threads(),
                                f.files(),
                                f.classes(),
                                f.workers(),
                                f.workersRss()));
            }
        }
        return text.toString();
    }
}

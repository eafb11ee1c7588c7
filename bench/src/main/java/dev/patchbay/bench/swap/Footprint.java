package dev.patchbay.bench.swap;

import dev.patchbay.bench.load.ServerUsage;
import java.io.IOException;
import java.util.List;

/// What the gateway's process held after a change; memory in megabytes.
///
/// @param code what the compiler made of methods
/// @param workers processes that the gateway started
/// @param workersRss what those hold together
record Footprint(
        int change,
        double rss,
        double heap,
        double metaspace,
        double code,
        double threads,
        double files,
        double classes,
        int workers,
        double workersRss) {
    private static final double MEGABYTE = 1 << 20;

    static Footprint of(SwappedGateway gateway, int change) throws IOException {
        ServerUsage usage = gateway.server().usage();
        List<ServerUsage> workers = gateway.server().workers();
        return new Footprint(
                change,
                usage.rssKilobytes() / 1024.0,
                gateway.metric("jvm_memory_used_bytes{area=\"heap\"") / MEGABYTE,
                gateway.metric("jvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\"") / MEGABYTE,
                gateway.metric("jvm_memory_used_bytes{area=\"nonheap\",id=\"CodeHeap") / MEGABYTE,
                gateway.metric("jvm_threads_live_threads"),
                gateway.metric("process_files_open_files"),
                gateway.metric("jvm_classes_loaded_classes"),
                workers.size(),
                workers.stream().mapToLong(ServerUsage::rssKilobytes).sum() / 1024.0);
    }
}

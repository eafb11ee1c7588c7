package dev.patchbay.bench.swap;

import dev.patchbay.bench.load.ServerUsage;
import java.io.IOException;

/// What the gateway's process held after a change; memory in megabytes.
record Footprint(int change, double rss, double heap, double metaspace, double threads, double files, double classes) {
    private static final double MEGABYTE = 1 << 20;

    static Footprint of(SwappedGateway gateway, int change) throws IOException {
        ServerUsage usage = gateway.server().usage();
        return new Footprint(
                change,
                usage.rssKilobytes() / 1024.0,
                gateway.metric("jvm_memory_used_bytes{area=\"heap\"") / MEGABYTE,
                gateway.metric("jvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\"") / MEGABYTE,
                gateway.metric("jvm_threads_live_threads"),
                gateway.metric("process_files_open_files"),
                gateway.metric("jvm_classes_loaded_classes"));
    }
}

package dev.patchbay.core.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Room for the classes of one more module. When metaspace runs out, whatever needs a class fails, in any module
/// and in the gateway: a load that does not fit is refused before it does that. Without `-XX:MaxMetaspaceSize`
/// there is no limit to check.
final class MetaspaceHeadroom {

    /// What the smallest module was seen to take, and then some for the gateway itself.
    private static final long LEAST = 2L << 20;

    private final Supplier<MemoryUsage> usage;
    private final Runnable collection;
    /// What the last load of a task took.
    private final Map<String, Long> cost = new ConcurrentHashMap<>();

    /// Looks at the metaspace of this process.
    MetaspaceHeadroom() {
        this(MetaspaceHeadroom::metaspace, System::gc);
    }

    /// @param collection frees the classes of modules that are gone
    MetaspaceHeadroom(Supplier<MemoryUsage> usage, Runnable collection) {
        this.usage = usage;
        this.collection = collection;
    }

    private static MemoryUsage metaspace() {
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getName().equals("Metaspace")) {
                return pool.getUsage();
            }
        }
        return new MemoryUsage(-1, 0, 0, -1);
    }

    /// Refuses a load that does not fit. Loaders of retired modules may wait to be collected: that is done first.
    ///
    /// @throws DeploymentFailed with what is needed, what is free and what to do
    void require(String task, ModuleArtifact artifact) {
        long limit = usage.get().getMax();
        if (limit < 0) {
            return;
        }
        long needed = LEAST + cost.computeIfAbsent(task, unknown -> classBytes(artifact));
        if (free() >= needed) {
            return;
        }
        collection.run();
        long free = free();
        if (free < needed) {
            throw new DeploymentFailed(
                    "load",
                    "its classes need about %d MiB of metaspace, and %d of %d MiB are free. What runs goes on. Retire versions that nobody uses, see `patchbay leaks`, or raise -XX:MaxMetaspaceSize, and put the artifact there again"
                            .formatted(mebibytes(needed), mebibytes(free), mebibytes(limit)));
        }
    }

    /// Measures what a load takes, by before and after; another load at the same time makes it look larger.
    long used() {
        return usage.get().getUsed();
    }

    /// Remembers what a load took.
    void took(String task, long bytes) {
        if (bytes > 0) {
            cost.put(task, bytes);
        }
    }

    private long free() {
        MemoryUsage now = usage.get();
        return Math.max(0, now.getMax() - now.getUsed());
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1 << 19)) >> 20;
    }

    /// A first guess, when a task was never loaded: metaspace takes about what the class files of the module itself
    /// take; of its libraries, a fraction is loaded.
    private static long classBytes(ModuleArtifact artifact) {
        try (Stream<Path> files = Files.walk(artifact.root())) {
            long bytes = 0;
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                bytes += Files.size(file);
            }
            for (Path library : artifact.libraries()) {
                bytes += classBytes(library) / 2;
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long classBytes(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> entries = zip.stream().toList();
            return entries.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .mapToLong(entry -> Math.max(0, entry.getSize()))
                    .sum();
        }
    }
}

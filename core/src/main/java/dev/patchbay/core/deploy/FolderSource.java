package dev.patchbay.core.deploy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches a folder whose children are artifacts: module folders, jars and zips. Looking every moment works on
/// every file system and mount, which file events do not.
public final class FolderSource implements ModuleSource {

    private static final Logger log = LoggerFactory.getLogger(FolderSource.class);
    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final Duration QUIET = Duration.ofMillis(500);

    private final Path folder;
    private final Map<Path, Seen> seen = new HashMap<>();
    private @Nullable Listener listener;
    private @Nullable Thread thread;
    private boolean firstScan = true;

    private static final class Seen {
        private String fingerprint = "";
        private long changedAt;
        private boolean reported;
        private String waitingFor = "";
    }

    /// Watches a folder; it need not exist yet.
    public FolderSource(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public void start(Listener to) {
        listener = to;
        scan();
        thread = Thread.ofPlatform().daemon().name("patchbay-modules-folder").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                try {
                    scan();
                } catch (RuntimeException | Error e) {
                    log.error("looking at {} failed", folder, e);
                }
            }
        } catch (InterruptedException e) {
            log.debug("no longer watching {}", folder);
        }
    }

    @Override
    public synchronized void scan() {
        Listener to = listener;
        if (to == null) {
            return;
        }
        Set<Path> present = new HashSet<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(folder, FolderSource::isArtifact)) {
                for (Path child : children) {
                    present.add(child);
                    look(child, to);
                }
            } catch (IOException e) {
                log.warn("the modules folder {} cannot be listed: {}", folder, e.toString());
                return;
            }
        }
        for (Path gone :
                seen.keySet().stream().filter(path -> !present.contains(path)).toList()) {
            seen.remove(gone);
            to.disappeared(gone);
        }
        firstScan = false;
    }

    private static boolean isArtifact(Path path) {
        String name = path.getFileName().toString();
        return !name.startsWith(".")
                && !name.endsWith("~")
                && (Files.isDirectory(path) || name.endsWith(".jar") || name.endsWith(".zip"));
    }

    private void look(Path artifact, Listener to) {
        try {
            Seen known = seen.computeIfAbsent(artifact, path -> new Seen());
            String fingerprint = Completeness.fingerprint(artifact);
            long now = System.nanoTime();
            if (!fingerprint.equals(known.fingerprint)) {
                known.fingerprint = fingerprint;
                known.changedAt = now;
                known.reported = false;
            }
            if (known.reported || fingerprint.isEmpty()) {
                return;
            }
            Path manifest = Completeness.manifest(artifact);
            String waiting = "";
            if (Files.isRegularFile(manifest)) {
                waiting = Completeness.missing(artifact, manifest).orElse("");
            } else if (!firstScan && now - known.changedAt < QUIET.toNanos()) {
                return;
            }
            if (waiting.isEmpty()) {
                known.reported = true;
                known.waitingFor = "";
                to.appeared(artifact);
            } else if (!waiting.equals(known.waitingFor)) {
                known.waitingFor = waiting;
                to.incomplete(artifact, waiting);
            }
        } catch (NoSuchFileException e) {
            log.debug("{} changed while it was looked at", artifact);
        } catch (IOException e) {
            log.warn("{} cannot be looked at: {}", artifact, e.toString());
        }
    }

    @Override
    public void close() {
        Thread watching = thread;
        if (watching != null) {
            watching.interrupt();
        }
    }
}

package dev.patchbay.runtime.remote;

import dev.patchbay.api.ModuleContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Files that are read again when they were changed. While what is in them cannot be used, as between the writing of a
/// certificate and of its key, what was read before stays in use, and they are tried again.
final class FreshFiles {

    private static final long SECONDS = 5;

    private final ModuleContext context;
    private final List<Path> files;
    private final Reader reader;
    private List<FileTime> read;

    /// Takes what the files hold.
    @FunctionalInterface
    interface Reader {
        void read() throws IOException, GeneralSecurityException;
    }

    private FreshFiles(ModuleContext context, List<Path> files, Reader reader)
            throws IOException, GeneralSecurityException {
        this.context = context;
        this.files = files;
        this.reader = reader;
        this.read = times();
        reader.read();
    }

    /// Reads files now, and again as long as the clock runs.
    static void read(ModuleContext context, ScheduledExecutorService clock, List<Path> files, Reader reader)
            throws IOException, GeneralSecurityException {
        FreshFiles fresh = new FreshFiles(context, files, reader);
        clock.scheduleWithFixedDelay(fresh::look, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            List<FileTime> now = times();
            if (!now.equals(read)) {
                reader.read();
                read = now;
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            context.event(
                    "certificate-unusable",
                    "%s changed and cannot be used, so that what was in it before stays in use: %s"
                            .formatted(files, e));
        }
    }

    private List<FileTime> times() throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Path file : files) {
            times.add(Files.getLastModifiedTime(file));
        }
        return times;
    }
}

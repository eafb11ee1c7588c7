package dev.patchbay.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the config file. It is read every moment and compared by content, which works for edits in place,
/// atomic renames and mounts that swap links.
public final class FileConfigSource implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FileConfigSource.class);
    private static final Duration PERIOD = Duration.ofMillis(200);

    private final Path file;
    private @Nullable String last;
    private @Nullable Thread thread;
    private boolean missing;

    /// Names the file.
    public FileConfigSource(Path file) {
        this.file = file;
    }

    /// Reads the file as it is now.
    ///
    /// @throws IOException if it cannot be read
    public String read() throws IOException {
        String text = Files.readString(file);
        last = text;
        return text;
    }

    /// Tells whenever the file has other content than before.
    public void watch(Consumer<String> saved) {
        thread = Thread.ofPlatform().daemon().name("patchbay-config-file").start(() -> {
            try {
                while (true) {
                    Thread.sleep(PERIOD);
                    look(saved);
                }
            } catch (InterruptedException e) {
                log.debug("no longer watching {}", file);
            }
        });
    }

    private void look(Consumer<String> saved) {
        try {
            String text = Files.readString(file);
            missing = false;
            if (!text.equals(last)) {
                last = text;
                saved.accept(text);
            }
        } catch (NoSuchFileException e) {
            if (!missing) {
                missing = true;
                log.warn("the config file {} is gone; what is in force stays", file);
            }
        } catch (IOException e) {
            log.warn("the config file {} cannot be read: {}", file, e.toString());
        } catch (RuntimeException e) {
            log.error("the config file {} could not be applied", file, e);
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

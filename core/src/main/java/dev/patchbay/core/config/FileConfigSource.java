package dev.patchbay.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the config file. It is read every moment and compared by content, which works for edits in place,
/// atomic renames and mounts that swap links. A change counts when two looks see the same, so that a file is not
/// taken while it is being written.
public final class FileConfigSource implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FileConfigSource.class);
    private static final Duration PERIOD = Duration.ofMillis(200);

    /// Who is told what the file says. Called by one thread, one call at a time.
    public interface Listener {

        /// Takes the file's content, whenever it is another than before.
        void saved(String text);

        /// Takes why the file cannot be read: it is gone, too large, or no text.
        void unreadable(String why);
    }

    /// What one look at the file gave: its text, or why there is none.
    private record Look(@Nullable String text, String why) {}

    private final Path file;
    private @Nullable Look told;
    private @Nullable Look seen;
    private @Nullable Thread thread;

    /// Names the file.
    public FileConfigSource(Path file) {
        this.file = file;
    }

    /// Reads the file as it is now; [#watch] tells what comes after it.
    ///
    /// @throws NoSuchFileException if there is none
    /// @throws IOException if it cannot be read, saying why
    public String read() throws IOException {
        String text = text();
        told = new Look(text, "");
        return text;
    }

    /// Begins to tell whenever the file has other content than before.
    public void watch(Listener listener) {
        thread = Thread.ofPlatform().daemon().name("patchbay-config-file").start(() -> {
            try {
                while (true) {
                    Thread.sleep(PERIOD);
                    tell(look(), listener);
                }
            } catch (InterruptedException e) {
                log.debug("no longer watching {}", file);
            }
        });
    }

    private Look look() {
        try {
            return new Look(text(), "");
        } catch (NoSuchFileException e) {
            return new Look(null, file + " is gone");
        } catch (IOException e) {
            return new Look(null, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void tell(Look now, Listener listener) {
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(told)) {
            return;
        }
        told = now;
        try {
            if (now.text() == null) {
                listener.unreadable(now.why());
            } else {
                listener.saved(now.text());
            }
        } catch (Throwable e) {
            // whatever applying one save throws, the next save must be seen
            log.error("the config file {} could not be applied", file, e);
        }
    }

    private String text() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(ConfigDocument.MAXIMUM_LENGTH + 1);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("%s cannot be read: %s".formatted(file, e), e);
        }
        if (bytes.length > ConfigDocument.MAXIMUM_LENGTH) {
            throw new IOException("%s has more than %d bytes".formatted(file, ConfigDocument.MAXIMUM_LENGTH));
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new IOException("%s is no text in UTF-8: line %d has the byte 0x%02X. Save it as UTF-8"
                    .formatted(file, line(bytes, in.position()), bytes[in.position()]));
        }
        return out.flip().toString();
    }

    private static int line(byte[] bytes, int end) {
        int line = 1;
        for (int i = 0; i < end; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    @Override
    public void close() {
        Thread watching = thread;
        if (watching != null) {
            watching.interrupt();
        }
    }
}

package dev.patchbay.core.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Keeps revisions as files, one each. A file is written aside, forced to the disk and renamed, so that a crash
/// leaves a revision whole or not at all.
public final class DirectoryRevisions implements RevisionStore {

    private static final Logger log = LoggerFactory.getLogger(DirectoryRevisions.class);

    private final JsonMapper mapper =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private final Path directory;
    private final List<ConfigRevision> revisions;

    /// Opens a directory and reads what is there. A file that is damaged is reported and left alone.
    public DirectoryRevisions(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
            this.revisions = new CopyOnWriteArrayList<>(read());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<ConfigRevision> read() throws IOException {
        List<ConfigRevision> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                try {
                    found.add(mapper.readValue(Files.readAllBytes(file), ConfigRevision.class));
                } catch (IOException | JacksonException e) {
                    log.error("revision {} cannot be read and is left out of the history: {}", file, e.getMessage());
                }
            }
        }
        return found;
    }

    @Override
    public synchronized void add(ConfigRevision revision) {
        Path file = directory.resolve("%08d.json".formatted(revision.number()));
        Path aside = directory.resolve("%08d.json.part".formatted(revision.number()));
        try {
            try (FileChannel channel = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(mapper.writeValueAsBytes(revision));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("revision " + revision.number() + " cannot be kept in " + directory, e);
        }
        revisions.add(revision);
    }

    @Override
    public List<ConfigRevision> all() {
        return List.copyOf(revisions);
    }
}

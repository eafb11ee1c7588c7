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
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Keeps revisions as files, one each: `00000007.json`. A file is written aside, forced to the disk and renamed, so
/// that a crash leaves a revision whole or not at all.
public final class DirectoryRevisions implements RevisionStore {

    private static final Logger log = LoggerFactory.getLogger(DirectoryRevisions.class);
    private static final Pattern FILE = Pattern.compile("(\\d{8,18})\\.json");

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            // 0.1 is read as it was written, so that stored content and a file's content compare equal
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Path directory;
    private final List<ConfigRevision> revisions;
    private final List<String> damaged = new ArrayList<>();
    private volatile long lastNumber;

    /// Opens a directory and reads what is there. A file that is damaged is reported and left alone, and its number
    /// is not given again.
    ///
    /// @throws UncheckedIOException if the directory cannot be made or listed
    public DirectoryRevisions(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
            SequencedMap<Long, Path> files = files();
            this.lastNumber = files.isEmpty() ? 0 : files.lastEntry().getKey();
            this.revisions = new CopyOnWriteArrayList<>(read(files));
        } catch (IOException e) {
            throw new UncheckedIOException("the revisions in " + directory + " cannot be read", e);
        }
    }

    private SequencedMap<Long, Path> files() throws IOException {
        SequencedMap<Long, Path> numbered = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Matcher name = FILE.matcher(file.getFileName().toString());
                if (name.matches()) {
                    numbered.put(Long.valueOf(name.group(1)), file);
                }
            }
        }
        return numbered;
    }

    private List<ConfigRevision> read(SequencedMap<Long, Path> files) {
        List<ConfigRevision> found = new ArrayList<>();
        files.forEach((number, file) -> {
            try {
                ConfigRevision revision = mapper.readValue(Files.readAllBytes(file), ConfigRevision.class);
                if (revision == null || revision.number() != number || !revision.isComplete()) {
                    log.error("{} is not the whole of revision {} and is left out of the history", file, number);
                    damaged.add(file.getFileName().toString());
                } else {
                    found.add(revision);
                }
            } catch (IOException | JacksonException e) {
                log.error("{} cannot be read and is left out of the history: {}", file, e.getMessage());
                damaged.add(file.getFileName().toString());
            }
        });
        return found;
    }

    /// Names the files that were damaged when the directory was opened. What they put in force is not in force any
    /// more.
    public List<String> damaged() {
        return List.copyOf(damaged);
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
        lastNumber = revision.number();
    }

    @Override
    public List<ConfigRevision> all() {
        return List.copyOf(revisions);
    }

    @Override
    public long lastNumber() {
        return lastNumber;
    }
}

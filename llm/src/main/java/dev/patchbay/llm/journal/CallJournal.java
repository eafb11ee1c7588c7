package dev.patchbay.llm.journal;

import dev.patchbay.llm.config.LlmConfig;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes records of calls down: a line of JSON each, at the end of `calls.jsonl`. A file that is full is put aside as
/// `calls.1.jsonl`, the one before as `calls.2.jsonl`, and so on; the oldest goes. A record is with the operating
/// system
/// when [#add] returns: it outlives the process, but not a loss of power. Holds no file open. Safe for threads.
public final class CallJournal {

    private final Path folder;
    private final long size;
    private final int files;
    private final ReentrantLock lock = new ReentrantLock();

    /// Makes a journal; the folder is made with the first record.
    public CallJournal(LlmConfig.Journal settings) {
        this.folder = Path.of(settings.folder());
        this.size = settings.size();
        this.files = settings.files();
    }

    /// Writes a record down.
    ///
    /// @throws IOException if it could not be written
    public void add(JsonNode record) throws IOException {
        byte[] json = JsonMapper.shared().writeValueAsBytes(record);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        lock.lock();
        try {
            Files.createDirectories(folder);
            Path current = file(0);
            if (Files.exists(current) && Files.size(current) + line.length > size) {
                putAside();
            }
            // no channel: the thread of a call that was given up is interrupted, which would close one
            try (FileOutputStream out = new FileOutputStream(current.toFile(), true)) {
                out.write(line);
            }
        } finally {
            lock.unlock();
        }
    }

    private void putAside() throws IOException {
        for (int i = files - 1; i > 0; i--) {
            if (Files.exists(file(i - 1))) {
                Files.move(file(i - 1), file(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(file(0));
    }

    private Path file(int number) {
        return folder.resolve(number == 0 ? "calls.jsonl" : "calls." + number + ".jsonl");
    }
}

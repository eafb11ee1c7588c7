package dev.patchbay.llm.budget;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What budgets have used up, in the file `budgets.jsonl`, so that it is still used up after a restart. Each change is
/// a
/// line at its end: what a call reserves, before the call, and what it settles, after it. So a process that dies has
/// written down at least what it used, and calls that were inside count with all they reserved. A change is with the
/// operating system when [#add] returns: it outlives the process, but not a loss of power. When the file has grown, it
/// is put in order: sums take the place of changes, and periods that are over go. For one process. Safe for threads.
public final class BudgetLedger {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final long MOST_BYTES = 1 << 20;

    private final Path file;
    private final Clock clock;
    private final long mostBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Account, Entry> sums = new LinkedHashMap<>();
    private long bytes;
    /// When the file is put in order next: one that is long by its sums alone is not written anew for each change.
    private long limit;

    /// Whose part of a budget.
    ///
    /// @param tenant empty if it has none of its own
    /// @param task likewise
    public record Account(String budget, String tenant, String task) {}

    /// A change of an account, or their sum.
    ///
    /// @param until the end of its period, in milliseconds since 1970
    public record Entry(String budget, String tenant, String task, long until, long tokens, double cost) {

        Account account() {
            return new Account(budget, tenant, task);
        }

        private Entry plus(Entry other) {
            return new Entry(budget, tenant, task, until, tokens + other.tokens, cost + other.cost);
        }
    }

    private BudgetLedger(Path file, Clock clock, long mostBytes) {
        this.file = file;
        this.clock = clock;
        this.mostBytes = mostBytes;
    }

    /// Opens the ledger of a folder, which is made if it is missing.
    ///
    /// @throws IllegalArgumentException if it cannot be read or written
    public static BudgetLedger open(Path folder, Clock clock) {
        return open(folder, clock, MOST_BYTES);
    }

    static BudgetLedger open(Path folder, Clock clock, long mostBytes) {
        BudgetLedger ledger = new BudgetLedger(folder.resolve("budgets.jsonl"), clock, mostBytes);
        try {
            Files.createDirectories(folder);
            ledger.read();
            // a line that was cut by the end of a process must not become one with the next
            ledger.putInOrder();
        } catch (IOException e) {
            throw new IllegalArgumentException("ledger.folder: " + ledger.file + " cannot be used: " + e, e);
        }
        return ledger;
    }

    /// Tells whether the ledger is in a folder.
    public boolean isIn(Path folder) {
        return file.equals(folder.resolve("budgets.jsonl"));
    }

    private void read() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        List<String> lines = Files.readString(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            try {
                take(MAPPER.readValue(lines.get(i), Entry.class));
            } catch (JacksonException e) {
                if (i < lines.size() - 1) {
                    throw new IOException(
                            "line %d is no change of a budget; move the file away to begin anew".formatted(i + 1), e);
                }
            }
        }
    }

    private void take(Entry change) {
        sums.merge(
                change.account(),
                change,
                (sum, more) -> sum.until() == more.until() ? sum.plus(more) : sum.until() > more.until() ? sum : more);
    }

    /// Gives the sums of the periods that run.
    public List<Entry> sums() {
        lock.lock();
        try {
            long now = clock.millis();
            return sums.values().stream().filter(sum -> sum.until() > now).toList();
        } finally {
            lock.unlock();
        }
    }

    /// Writes a change down.
    ///
    /// @throws IOException if it could not be written; it counts in this process all the same
    public void add(Entry change) throws IOException {
        byte[] line = line(change);
        lock.lock();
        try {
            take(change);
            if (bytes + line.length > limit) {
                putInOrder();
                return;
            }
            // no channel: the thread of a call that was given up is interrupted, which would close one
            try (FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
                out.write(line);
            }
            bytes += line.length;
        } finally {
            lock.unlock();
        }
    }

    private static byte[] line(Entry entry) {
        return (MAPPER.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// Writes sums in the place of changes; the file is the old or the new one, whenever the process dies.
    private void putInOrder() throws IOException {
        long now = clock.millis();
        sums.values().removeIf(sum -> sum.until() <= now);
        Path next = file.resolveSibling("budgets.jsonl.next");
        List<byte[]> lines = new ArrayList<>();
        sums.values().forEach(sum -> lines.add(line(sum)));
        bytes = 0;
        try (FileOutputStream out = new FileOutputStream(next.toFile())) {
            for (byte[] line : lines) {
                out.write(line);
                bytes += line.length;
            }
            out.getFD().sync();
        }
        limit = Math.max(mostBytes, 2 * bytes);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

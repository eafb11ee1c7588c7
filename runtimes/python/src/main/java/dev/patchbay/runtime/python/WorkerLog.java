package dev.patchbay.runtime.python;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a process prints, line by line in the module's log: lines are cut, and so are floods of them. The last lines
/// are kept, because they tell why a process ended.
final class WorkerLog {

    private static final int LONGEST_LINE = 2000;
    private static final int MOST_A_SECOND = 100;
    private static final int KEPT = 12;
    private static final long SECOND = 1_000_000_000L;

    private final System.Logger logger;
    private final Thread reader;
    private final Deque<String> last = new ArrayDeque<>();
    private long second = System.nanoTime();
    private int lines;
    private int dropped;

    WorkerLog(InputStream output, System.Logger logger, String name) {
        this.logger = logger;
        this.reader = Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name(name + "-log")
                .unstarted(() -> read(output));
        reader.setContextClassLoader(WorkerLog.class.getClassLoader());
        reader.start();
    }

    private void read(InputStream output) {
        byte[] line = new byte[LONGEST_LINE];
        int length = 0;
        byte[] some = new byte[8192];
        try (output) {
            for (int got = output.read(some); got >= 0; got = output.read(some)) {
                for (int i = 0; i < got; i++) {
                    if (some[i] == '\n') {
                        line(line, length);
                        length = 0;
                    } else if (length <= LONGEST_LINE) {
                        if (length < LONGEST_LINE) {
                            line[length] = some[i];
                        }
                        length++;
                    }
                }
            }
        } catch (IOException e) {
            // the process is gone
        }
        line(line, length);
    }

    private void line(byte[] bytes, int length) {
        String text = new String(bytes, 0, Math.min(length, LONGEST_LINE), StandardCharsets.UTF_8)
                        .replaceAll("\\p{Cntrl}", " ")
                + (length > LONGEST_LINE ? " …" : "");
        if (text.isBlank()) {
            return;
        }
        synchronized (last) {
            last.addLast(text);
            if (last.size() > KEPT) {
                last.removeFirst();
            }
        }
        long now = System.nanoTime();
        if (now - second > SECOND) {
            if (dropped > 0) {
                logger.log(System.Logger.Level.WARNING, "python: " + dropped + " more lines were not logged");
            }
            second = now;
            lines = 0;
            dropped = 0;
        }
        if (++lines > MOST_A_SECOND) {
            dropped++;
        } else {
            logger.log(System.Logger.Level.INFO, "python: " + text);
        }
    }

    /// Gives the last lines as a sentence to go on an error, if there are any; waits a moment for those that are on
    /// their way.
    String lastWords() throws InterruptedException {
        reader.join(200);
        synchronized (last) {
            return last.isEmpty() ? "" : ". Its last words: " + String.join(" | ", last);
        }
    }
}

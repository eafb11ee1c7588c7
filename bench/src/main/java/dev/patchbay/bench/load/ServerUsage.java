package dev.patchbay.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// CPU time and memory of a process as Linux accounts for them; CPU time comes in ticks of 10 ms.
public record ServerUsage(double cpuSeconds, long rssKilobytes) {
    private static final double TICKS_PER_SECOND = 100;

    public static ServerUsage of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(process.resolve("stat"));
            // the second field is the command in parentheses and may itself contain spaces
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            long ticks = Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
            return new ServerUsage(ticks / TICKS_PER_SECOND, rss(process.resolve("status")));
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " cannot be read (has it ended?)", e);
        }
    }

    /// The CPU time of the threads in which a JVM compiles. It may sink, as idle ones end.
    ///
    /// @return seconds; 0 if the process is no JVM
    public static double compilerSeconds(long pid) {
        double ticks = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                int name = stat.lastIndexOf(')');
                if (stat.substring(0, name).contains("CompilerThre")) {
                    String[] fields = stat.substring(name + 2).split(" ");
                    ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("the threads of process " + pid + " cannot be read (has it ended?)", e);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static long rss(Path status) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException(status + " names no VmRSS");
    }
}

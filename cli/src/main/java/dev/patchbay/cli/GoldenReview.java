package dev.patchbay.cli;

import dev.patchbay.testkit.golden.GoldenChange;
import dev.patchbay.testkit.golden.GoldenRecorder;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Shows changes to golden cases and writes those that somebody agrees to.
final class GoldenReview {

    private final PrintWriter out;
    private final @Nullable Console console;
    private final boolean yes;

    /// @param console to ask at; null or no terminal if there is nobody to ask
    /// @param yes whether everything is agreed to
    GoldenReview(PrintWriter out, @Nullable Console console, boolean yes) {
        this.out = out;
        this.console = console;
        this.yes = yes;
    }

    /// @return the exit code: done, or a check that is not passed because nothing was agreed to
    int review(List<GoldenChange> changes, List<String> notes) throws IOException {
        List<GoldenChange> agreed = new ArrayList<>();
        boolean all = yes;
        for (GoldenChange change : changes) {
            show(change);
            if (all) {
                agreed.add(change);
                continue;
            }
            String answer = ask();
            if (answer.equals("q")) {
                break;
            }
            all = answer.equals("a");
            if (all || answer.equals("y")) {
                agreed.add(change);
            }
        }
        notes.forEach(note -> out.println("◌ " + note));
        GoldenRecorder.write(agreed);
        if (changes.isEmpty()) {
            out.println(notes.isEmpty() ? "✔ there is nothing to write" : "Nothing was written");
        } else if (agreed.isEmpty()) {
            out.println("Nothing was written" + (canAsk() ? "" : "; --yes writes it"));
        } else {
            out.printf("✔ wrote %d of %d%n", agreed.size(), changes.size());
        }
        out.flush();
        return changes.isEmpty() && notes.isEmpty() || !agreed.isEmpty() ? ExitCode.DONE : ExitCode.CHECK_NOT_PASSED;
    }

    private void show(GoldenChange change) {
        Path here = Path.of("").toAbsolutePath();
        Path file = change.file().startsWith(here) ? here.relativize(change.file()) : change.file();
        out.println(file + " · " + change.name());
        change.lines().forEach(line -> out.println("  " + line));
        out.flush();
    }

    private boolean canAsk() {
        return console != null && console.isTerminal();
    }

    private String ask() {
        if (!canAsk()) {
            return "n";
        }
        String line = java.util.Objects.requireNonNull(console).readLine("Write it? [y]es, [n]o, [a]ll, [q]uit: ");
        return line == null || line.isBlank()
                ? "n"
                : line.strip().substring(0, 1).toLowerCase(Locale.ROOT);
    }
}

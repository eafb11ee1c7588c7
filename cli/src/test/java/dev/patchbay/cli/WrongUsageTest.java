package dev.patchbay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What somebody types wrong is told before anything is begun, in words of the command line.
class WrongUsageTest {

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Patchbay.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), arguments);
    }

    @Test
    void aPortThatIsNone() {
        assertThat(run("serve", folder.toString(), "--port", "99999")).isEqualTo(ExitCode.USAGE);
        assertThat(run("serve", folder.toString(), "--admin-port", "-1")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("error: --port is 99999; ports go from 0, which takes a free one, to 65535")
                .contains("error: --admin-port is -1; ports go");
    }

    @Test
    void aRequestToExplainThatIsNotThere() {
        assertThat(run("explain", "greeting", "--request", "@" + folder.resolve("none.json")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("error: there is no file " + folder.resolve("none.json"));
    }

    @Test
    void aRequestToExplainThatIsNoJson() throws Exception {
        Path file = Files.writeString(folder.resolve("a.json"), "{");
        assertThat(run("explain", "greeting", "--request", file.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("error: " + file + " is no valid JSON: ");
    }
}

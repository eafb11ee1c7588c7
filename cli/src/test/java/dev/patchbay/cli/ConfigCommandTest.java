package dev.patchbay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `patchbay config check` sees all of a file, also what kinds of modules read of it.
class ConfigCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    private int check(Path file) {
        return new CommandLine(new Patchbay()).setOut(new PrintWriter(out)).execute("config", "check", file.toString());
    }

    @Test
    void theExamplesHoldTogether() {
        for (String example : new String[] {"assistant", "pets"}) {
            assertThat(check(Path.of("../examples", example, "patchbay.yaml"))).isZero();
        }
    }

    @Test
    void whatAKindRefusesIsTold() throws Exception {
        Path file = Files.writeString(
                folder.resolve("patchbay.yaml"), "llm: {models: {default: {provider: nobody, model: m}}}\n");
        assertThat(check(file)).isEqualTo(ExitCode.CHECK_NOT_PASSED);
        assertThat(out.toString())
                .contains("llm.models.default[0].provider: there is no provider 'nobody'; there are: none");
    }
}

package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.core.config.ConfigParser;
import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is seen in an artifact's code is told, and refused where the config says so.
class RefusedHabitTest {

    private static final String EXIT = "it ends the process (Small.predict):"
            + " throw an exception instead; nothing in the JVM can stop such a call";

    @TempDir
    Path directory;

    private ModuleStatus deploy(String config) throws Exception {
        ModuleCompiler compiler = new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")));
        try (LiveCore core = new LiveCore(directory.resolve("data"))) {
            core.configure(config);
            return core.deploy(compiler.jar(
                    directory, SmallModule.of("leaver", "1.0.0").predicting("if (question.x() < 0) System.exit(1);")));
        }
    }

    @Test
    void isToldWithoutAPolicy() throws Exception {
        ModuleStatus status = deploy("inference: {}");
        assertThat(LiveCore.line(status.state())).isEqualTo("ready");
        assertThat(status.findings()).extracting(finding -> finding.words()).containsExactly(EXIT);
    }

    @Test
    void isRefusedByPolicy() throws Exception {
        ModuleStatus status = deploy("modules: {refuse: [native, exit]}");
        assertThat(LiveCore.line(status.state()))
                .isEqualTo("failed in scan: " + EXIT + ". patchbay.yaml refuses such modules (modules.refuse: exit)");
    }

    @Test
    void aTypoInThePolicyIsRefused() {
        assertThatThrownBy(() -> ConfigParser.parse("modules: {refuse: [exti]}", Set.of()))
                .isInstanceOf(ConfigInvalid.class)
                .hasMessage(
                        "line 1, column 11: modules.refuse: 'exti' is nothing that is looked for in modules; that is:"
                                + " exit, native, processes, threads, timers, shutdown-hooks, thread-locals, class-values,"
                                + " cleaners, drivers, mbeans, log-handlers, security, process-defaults, unsafe."
                                + " Did you mean 'exit'?");
    }
}

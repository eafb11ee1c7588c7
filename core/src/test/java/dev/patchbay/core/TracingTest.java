package dev.patchbay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.fixture.LiveCore;
import dev.patchbay.core.fixture.ModuleCompiler;
import dev.patchbay.core.fixture.SmallModule;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever is asked further on is told whether the trace is recorded.
class TracingTest {

    private static final String SAYS_ITS_FLAGS = """
            public Answer predict(Question question, Call call) {
                return new Answer(Integer.parseInt(call.traceparent().substring(53), 16));
            }""";

    @TempDir
    Path directory;

    private LiveCore core;

    @BeforeEach
    void start() throws Exception {
        core = new LiveCore(directory.resolve("data"));
        core.deploy(new ModuleCompiler(Files.createDirectory(directory.resolve("workshop")))
                .folder(directory, SmallModule.of("t", "1.0.0").with(SAYS_ITS_FLAGS)));
        core.configure("inference: {t: {default_version: 1.0.0}}");
    }

    @AfterEach
    void stop() throws Exception {
        core.close();
    }

    @Test
    void aTraceThatIsRecordedSaysSo() throws Exception {
        assertThat(flags()).isEqualTo("{\"y\":0.0}");
        core.tracing = trace -> trace.recorded(true);
        assertThat(flags()).isEqualTo("{\"y\":1.0}");
    }

    private String flags() throws Exception {
        return LiveCore.said(core.call("t", "{\"x\": 1}"));
    }
}

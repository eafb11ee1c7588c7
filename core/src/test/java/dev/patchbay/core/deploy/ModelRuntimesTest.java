package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.runtime.ModelRuntime;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelRuntimesTest {

    private static final ModelOptions OPTIONS = new ModelOptions(1, Map.of());

    /// An engine that notes under which class loader the threads and hooks it makes would stay.
    private static final class Engine implements ModelRuntime {

        private final List<ClassLoader> under = new ArrayList<>();

        @Override
        public String format() {
            return "test";
        }

        @Override
        public boolean accepts(String fileName) {
            return fileName.endsWith(".test");
        }

        @Override
        public OpenModel open(Path file, ModelOptions options) {
            under.add(new Thread(() -> {}).getContextClassLoader());
            throw new IllegalStateException("no engine");
        }

        @Override
        public void close() {}
    }

    @Test
    void what_an_engine_starts_does_not_hold_the_module_that_was_first() throws Exception {
        Engine engine = new Engine();
        ModelRuntimes runtimes = new ModelRuntimes(List.of(engine), List.of());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader module = new URLClassLoader(new URL[0], before)) {
            thread.setContextClassLoader(module);
            assertThatThrownBy(() -> runtimes.open("m.test", Path.of("m.test"), OPTIONS))
                    .hasMessage("no engine");
            assertThat(engine.under).containsExactly(Engine.class.getClassLoader());
            assertThat(thread.getContextClassLoader()).isSameAs(module);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void a_model_of_no_engine_is_refused_and_told_what_there_is() {
        ModelRuntimes runtimes = new ModelRuntimes(List.of(new Engine()), List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runtimes.open("m.pt", Path.of("m.pt"), OPTIONS))
                .withMessage("no engine here runs 'm.pt'; there are engines for [test]."
                        + " Add the patchbay-runtime-… jar of its format to the gateway");
    }
}

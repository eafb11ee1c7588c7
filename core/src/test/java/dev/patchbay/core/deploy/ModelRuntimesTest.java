package dev.patchbay.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.runtime.ModelRuntime;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRuntimesTest {

    private static final ModelOptions OPTIONS = new ModelOptions(1, Map.of());

    /// An engine that notes under which class loader the threads and hooks it makes would stay.
    public static final class Engine implements ModelRuntime {

        private final List<ClassLoader> under = new ArrayList<>();

        @Override
        public String format() {
            return "test";
        }

        @Override
        public boolean accepts(Path model) {
            return model.toString().endsWith(".test");
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
                        + " Add the one for it with 'patchbay runtime add torchscript' (or, where Patchbay is a"
                        + " library, with dev.patchbay:patchbay-runtime-torchscript on the class path), and start"
                        + " again");
    }

    /// Packs the engine of this test, as an operator adds one.
    private static void add(Path folder) throws Exception {
        Files.createDirectories(folder);
        String name = Engine.class.getName().replace('.', '/') + ".class";
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(folder.resolve("engine.jar")));
                InputStream classFile = ModelRuntimesTest.class.getClassLoader().getResourceAsStream(name)) {
            jar.putNextEntry(new ZipEntry(name));
            jar.write(java.util.Objects.requireNonNull(classFile).readAllBytes());
            jar.putNextEntry(new ZipEntry("META-INF/services/" + ModelRuntime.class.getName()));
            jar.write(Engine.class.getName().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void an_engine_that_was_added_has_a_class_loader_of_its_own(@TempDir Path directory) throws Exception {
        add(directory.resolve("test"));
        List<ModelRuntime> engines = AddedEngines.in(directory).engines();
        assertThat(engines).extracting(ModelRuntime::format).containsExactly("test");
        assertThat(engines.getFirst().getClass()).isNotEqualTo(Engine.class);
        assertThat(engines.getFirst().getClass().getClassLoader()).hasToString("runtime test");
    }

    @Test
    void a_folder_that_holds_no_engine_is_left_out(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("empty"));
        add(directory.resolve("fine"));
        Path broken = Files.createDirectories(directory.resolve("broken"));
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(broken.resolve("engine.jar")))) {
            jar.putNextEntry(new ZipEntry("META-INF/services/" + ModelRuntime.class.getName()));
            jar.write("no.such.Engine".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(AddedEngines.in(directory).engines()).hasSize(1);
        assertThat(AddedEngines.in(directory.resolve("none")).engines()).isEmpty();
    }
}

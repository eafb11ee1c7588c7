package dev.patchbay.core.config;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A save is seen once and whole, however an editor or a cluster puts it there.
class FileConfigSourceTest {

    @TempDir
    Path folder;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private Path file = Path.of("");
    private FileConfigSource source = new FileConfigSource(file);

    @BeforeEach
    void watch() throws IOException {
        watch(Files.writeString(folder.resolve("patchbay.yaml"), "first"));
    }

    private void watch(Path watched) throws IOException {
        source.close();
        file = watched;
        source = new FileConfigSource(file);
        source.read();
        source.watch(new FileConfigSource.Listener() {
            @Override
            public void saved(String text) {
                told.add(text);
                if (text.equals("throws")) {
                    throw new LinkageError("from a module");
                }
            }

            @Override
            public void unreadable(String why) {
                told.add("unreadable: " + why.replace(folder + "/", ""));
            }
        });
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void anEditInPlaceIsSeenOnceWithinASecond() throws Exception {
        Files.writeString(file, "second");
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(told).containsExactly("second"));
        Files.writeString(file, "third");
        await().untilAsserted(() -> assertThat(told).containsExactly("second", "third"));
    }

    @Test
    void aRenameOverTheFileIsSeen() throws Exception {
        Path aside = Files.writeString(folder.resolve(".patchbay.yaml.swp"), "second");
        Files.move(aside, file, ATOMIC_MOVE, REPLACE_EXISTING);
        await().untilAsserted(() -> assertThat(told).containsExactly("second"));
    }

    /// Kubernetes mounts a ConfigMap as `patchbay.yaml → ..data/patchbay.yaml`, `..data → ..2026_01`, and swaps the
    /// inner link.
    @Test
    void aSwappedLinkOfAMountIsSeen() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        Files.writeString(Files.createDirectory(mount.resolve("..2026_01")).resolve("patchbay.yaml"), "mounted");
        Files.writeString(Files.createDirectory(mount.resolve("..2026_02")).resolve("patchbay.yaml"), "mounted anew");
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_01"));
        watch(Files.createSymbolicLink(mount.resolve("patchbay.yaml"), Path.of("..data/patchbay.yaml")));

        Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2026_02"));
        Files.move(mount.resolve("..data_tmp"), mount.resolve("..data"), ATOMIC_MOVE, REPLACE_EXISTING);
        await().untilAsserted(() -> assertThat(told).containsExactly("mounted anew"));
    }

    @Test
    void aFileThatIsGoneIsToldOnceAndSeenWhenItIsBack() throws Exception {
        Files.delete(file);
        await().untilAsserted(() -> assertThat(told).containsExactly("unreadable: patchbay.yaml is gone"));
        Files.writeString(file, "first");
        await().untilAsserted(() -> assertThat(told).containsExactly("unreadable: patchbay.yaml is gone", "first"));
    }

    @Test
    void aFileThatIsStillBeingWrittenIsNotTaken() throws Exception {
        StringBuilder whole = new StringBuilder();
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int part = 0; part < 12; part++) {
                String line = "line " + part + "\n";
                whole.append(line);
                out.write(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                out.flush();
                Thread.sleep(60);
            }
        }
        await().untilAsserted(() -> assertThat(told).contains(whole.toString()));
        assertThat(told).hasSize(1);
    }

    @Test
    void whatIsNoTextOrTooLargeIsTold() throws Exception {
        Files.write(file, new byte[] {'o', 'k', '\n', (byte) 0xfc});
        await().untilAsserted(() -> assertThat(told)
                .containsExactly(
                        "unreadable: patchbay.yaml is no text in UTF-8: line 2 has the byte 0xFC. Save it as UTF-8"));
        Files.write(file, new byte[(1 << 20) + 1]);
        await().untilAsserted(() ->
                assertThat(told).last().isEqualTo("unreadable: patchbay.yaml has more than 1048576 bytes"));
        Files.delete(file);
        Files.createDirectory(file);
        await().untilAsserted(() ->
                assertThat(told).last().asString().startsWith("unreadable: patchbay.yaml cannot be read: "));
    }

    @Test
    void whateverASaveThrowsTheNextIsSeen() throws Exception {
        Files.writeString(file, "throws");
        await().untilAsserted(() -> assertThat(told).containsExactly("throws"));
        Files.writeString(file, "second");
        await().untilAsserted(() -> assertThat(told).containsExactly("throws", "second"));
    }

    @Test
    void aMissingFileCannotBeReadAtTheStart() {
        assertThatThrownBy(() -> new FileConfigSource(folder.resolve("none.yaml")).read())
                .isInstanceOf(NoSuchFileException.class);
    }
}

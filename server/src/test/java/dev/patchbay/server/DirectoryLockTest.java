package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

    @TempDir
    Path folder;

    @Test
    void oneGatewayHoldsADirectoryUntilItEnds() throws Exception {
        Path data = folder.resolve("data");
        try (DirectoryLock held = DirectoryLock.take(data)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> DirectoryLock.take(data))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "the data directory %s belongs to a gateway that runs (process %d); give each a directory of its own",
                            data, ProcessHandle.current().pid());
        }
        DirectoryLock.take(data).close();
    }

    @Test
    void aDirectoryOfAnotherProcessIsRefused() throws Exception {
        try (DirectoryLock mine = DirectoryLock.take(folder)) {
            assertThat(mine).isNotNull();
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Taker.class.getName(),
                            folder.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(other.getInputStream().readAllBytes()))
                    .contains("(process " + ProcessHandle.current().pid() + ")");
        }
    }

    /// Another gateway's first step.
    static final class Taker {
        public static void main(String[] arguments) throws Exception {
            DirectoryLock.take(Path.of(arguments[0])).close();
        }
    }

    @Test
    void aPlaceThatIsNoDirectoryIsTold() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> DirectoryLock.take(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the data directory " + file + " cannot be written to: ")
                .hasMessageContaining("FileAlreadyExistsException");
    }

    @Test
    void aStartThatFailsLetsGoOfTheDirectory() throws Exception {
        Path data = folder.resolve("data");
        ServeOptions nothing = new ServeOptions(folder.resolve("none"), data, "127.0.0.1", 0, 0, "tests");
        assertThatThrownBy(() -> GatewayServer.start(nothing)).hasMessageContaining("is not there");
        DirectoryLock.take(data).close();
    }

    @Test
    void aRevisionThatIsDamagedIsAnAlarm() throws Exception {
        Files.createDirectories(folder.resolve("modules"));
        Files.writeString(folder.resolve("patchbay.yaml"), "inference: {}\n");
        Path revisions = Files.createDirectories(folder.resolve("data").resolve("revisions"));
        Files.writeString(revisions.resolve("00000001.json"), "{\"number\": 1, \"ti");
        ServeOptions options = new ServeOptions(folder, folder.resolve("data"), "127.0.0.1", 0, 0, "tests");
        try (GatewayServer server = GatewayServer.start(options);
                HttpClient client = HttpClient.newHttpClient()) {
            URI events = URI.create("http://127.0.0.1:%d/admin/v1/events".formatted(server.adminPort()));
            String told = client.send(HttpRequest.newBuilder(events).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(told)
                    .contains("\"revision-damaged\"")
                    .contains("00000001.json in")
                    .contains("A rollback or promotion that was in it does not hold any more");
        }
    }
}

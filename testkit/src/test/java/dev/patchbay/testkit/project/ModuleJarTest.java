package dev.patchbay.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testkit.ModuleFixture;
import dev.patchbay.testkit.Reply;
import dev.patchbay.testkit.TestGateway;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModuleJarTest {

    @TempDir
    private Path home;

    @Test
    void theSameFilesGiveTheSameBytesAndAGatewayTakesThem() throws Exception {
        Path artifact = ModuleFixture.compile(home, "task = \"echo\", version = \"1.0.0\"", """
                        public record Request(int x) {}
                        public record Answer(int x) {}
                        public Answer predict(Request request, Call call) { return new Answer(request.x()); }
                        """)
                .with("examples/one.json", "{\"x\": 1}")
                .artifact();
        ModuleJar first = ModuleJar.pack(artifact, home.resolve("out/first.jar"));
        Files.setLastModifiedTime(
                artifact.resolve("examples/one.json"),
                FileTime.from(Instant.now().plusSeconds(3600)));
        Files.writeString(artifact.resolve("examples/.one.json.swp"), "an editor's");
        TimeZone here = TimeZone.getDefault();
        ModuleJar second;
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
            second = ModuleJar.pack(artifact, home.resolve("out/second.jar"));
        } finally {
            TimeZone.setDefault(here);
        }

        assertThat(second.sha256()).isEqualTo(first.sha256());
        assertThat(home.resolve("out/first.jar.sha256")).hasContent(first.sha256() + "  first.jar");
        try (TestGateway gateway = TestGateway.start()) {
            assertThat(gateway.deploy(first.file()).ask("{\"x\": 7}"))
                    .isInstanceOfSatisfying(
                            Reply.Answer.class,
                            answer -> assertThat(answer.json().toString()).isEqualTo("{\"x\":7}"));
        }
    }
}

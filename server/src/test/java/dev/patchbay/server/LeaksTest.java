package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// An operator sees which retired version is still in memory, and what holds it.
class LeaksTest {

    private static final SourceModule FEEDER = new SourceModule("Feeder", """
            @Module(task = "feeder", version = "1.0.0", owner = "tests")
            public final class Feeder implements InferenceModule<Feeder.Question, Feeder.Answer> {
                public record Question(int x) {}
                public record Answer(int y) {}
                @Override public void load(ModuleContext context) {
                    Thread thread = new Thread(() -> {
                        while (!Boolean.getBoolean("patchbay.test.feeder.end")) {
                            try { Thread.sleep(20); } catch (InterruptedException e) { continue; }
                        }
                    }, "feeder");
                    thread.setDaemon(true);
                    thread.start();
                }
                @Override public Answer predict(Question question, Call call) { return new Answer(question.x()); }
            }
            """);

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void aVersionThatLeavesAThreadIsRetired() throws Exception {
        System.clearProperty("patchbay.test.feeder.end");
        gateway = new RunningGateway(folder.resolve("served"), "inference: {}")
                .with("feeder-1.0.0", FEEDER)
                .start();
        assertThat(module().path("warnings").path(0).path("message").asString())
                .isEqualTo("it starts threads of its own (test.Feeder.load):"
                        + " end them in teardown, or take context.executor() or scheduler()");
        assertThat(gateway.admin("DELETE", "/admin/v1/modules/feeder/1.0.0", "").statusCode())
                .isEqualTo(202);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> module().path("state").asString().equals("gone"));
    }

    @AfterEach
    void stop() throws Exception {
        System.setProperty("patchbay.test.feeder.end", "true");
        gateway.close();
    }

    private JsonNode module() throws Exception {
        return gateway.admin("modules").path("modules").path(0);
    }

    private JsonNode explain(String body) throws Exception {
        HttpResponse<String> answer = gateway.admin("POST", "/admin/v1/leaks/explain", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningGateway.JSON.readTree(answer.body());
    }

    @Test
    void itIsListedWithItsThread() throws Exception {
        JsonNode survivor = gateway.admin("leaks").path("survivors").path(0);
        assertThat(survivor.path("instance").asString()).isEqualTo("feeder@1.0.0#1");
        assertThat(survivor.path("loader").asString()).isEqualTo("retired");
        assertThat(survivor.path("threads").path(0).asString())
                .isEqualTo("thread `feeder`, whose context class loader is the module's");
        assertThat(module().path("loader").asString()).isEqualTo("retired");
    }

    @Test
    void itsHolderIsNamedOnRequest() throws Exception {
        JsonNode holder = explain("{\"task\": \"feeder\", \"version\": \"1.0.0\"}")
                .path("survivors")
                .path(0)
                .path("holders")
                .path(0);
        assertThat(holder.path("kind").asString()).isEqualTo("thread");
        assertThat(holder.path("held_by").asString())
                .matches("thread `feeder`, which the module started and which still runs"
                        + " at test\\.Feeder\\.lambda\\$load\\$0:\\d+");
        assertThat(holder.path("remedy").asString())
                .isEqualTo("end it in teardown, or take context.executor(), which the host ends");
        assertThat(holder.path("soft").asBoolean(true)).isFalse();
        assertThat(holder.path("path")).isNotEmpty();
    }

    @Test
    void othersAreNotAskedAbout() throws Exception {
        assertThat(explain("{\"task\": \"another\"}").path("survivors")).isEmpty();
    }

    @Test
    void aVersionWithoutItsTaskIsRefused() throws Exception {
        HttpResponse<String> answer = gateway.admin("POST", "/admin/v1/leaks/explain", "{\"version\": \"1.0.0\"}");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("names the task of the version, and is missing");
    }
}

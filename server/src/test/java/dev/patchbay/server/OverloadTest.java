package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One task has ten times the work it can do; it refuses the rest, and its neighbour answers everybody.
class OverloadTest {

    @TempDir
    Path folder;

    @Test
    void theOverloadedTaskShedsAndItsNeighbourAnswers() throws Exception {
        try (RunningGateway gateway = new RunningGateway(folder.resolve("pets"), """
                        inference:
                          busy: {default_version: 1.0.0, limits: {concurrency: 2, queue: 4}}
                          calm: {default_version: 1.0.0}
                        """)
                .with("busy", SourceModule.echo("busy", "1.0.0"))
                .with("calm", SourceModule.echo("calm", "1.0.0"))
                .start()) {
            Queue<HttpResponse<String>> busy = new ConcurrentLinkedQueue<>();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                callers.add(Thread.ofVirtual().start(() -> {
                    try {
                        busy.add(gateway.post("/v1/inference/busy", "{\"name\":\"a\",\"sleep\":300}"));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(gateway.post("/v1/inference/calm", "{\"name\":\"a\"}")
                                .statusCode())
                        .isEqualTo(200);
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(busy)
                    .hasSize(60)
                    .allSatisfy(answer -> assertThat(answer.statusCode()).isIn(200, 503));
            assertThat(busy.stream()
                            .filter(answer -> answer.statusCode() == 200)
                            .count())
                    .isGreaterThanOrEqualTo(6);
            assertThat(busy.stream().filter(answer -> answer.statusCode() == 503))
                    .isNotEmpty()
                    .allSatisfy(answer -> {
                        assertThat(answer.body())
                                .contains("\"code\":\"overloaded\"", "busy 1.0.0 cannot take this call");
                        assertThat(answer.headers().firstValue("retry-after")).isPresent();
                    });
        }
    }
}

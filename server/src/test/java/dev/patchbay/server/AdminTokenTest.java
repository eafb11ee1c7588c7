package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An admin port that asks for a token.
class AdminTokenTest {

    private static final String TOKEN = "correct-horse-battery";

    @TempDir
    Path folder;

    @Test
    void operatorsNeedTheTokenAndCallersDoNot() throws Exception {
        try (RunningGateway gateway = new RunningGateway(
                        folder.resolve("pets"), "inference: {calm: {default_version: \"1.0.0\"}}")
                .with("calm-1.0.0", SourceModule.echo("calm", "1.0.0"))
                .start(TOKEN)) {
            for (String path :
                    new String[] {"/admin/v1/status", "/admin/v1/usage", "/metrics", "/admin/v1/tasks/calm"}) {
                HttpResponse<String> refused = gateway.admin("GET", path, "");
                assertThat(refused.statusCode()).as(path).isEqualTo(401);
                assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
                assertThat(refused.body())
                        .contains(
                                "\"code\":\"unauthenticated\"",
                                "The admin API of this gateway asks for a token. Send 'authorization: Bearer TOKEN'; the"
                                        + " command line takes it from PATCHBAY_ADMIN_TOKEN");
                assertThat(asking(gateway, path, "Bearer " + TOKEN)).as(path).isEqualTo(200);
            }
            assertThat(gateway.admin("POST", "/admin/v1/rollback", "{}").statusCode())
                    .isEqualTo(401);
            assertThat(asking(gateway, "/admin/v1/status", "bearer  " + TOKEN)).isEqualTo(200);
            for (String wrong : new String[] {"Bearer " + TOKEN + "x", "Bearer", "Bearer ", TOKEN, "Basic " + TOKEN}) {
                assertThat(asking(gateway, "/admin/v1/status", wrong)).as(wrong).isEqualTo(401);
            }
            assertThat(gateway.admin("GET", "/readyz", "").statusCode()).isEqualTo(200);
            assertThat(gateway.admin("GET", "/console/", "").statusCode()).isEqualTo(200);
            assertThat(gateway.post("/v1/inference/calm", "{\"name\":\"luna\"}").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aTokenThatCouldBeTriedOutIsRefused() throws Exception {
        RunningGateway gateway = new RunningGateway(folder.resolve("pets"), "inference: {}");
        assertThatThrownBy(() -> gateway.start("secret"))
                .hasMessage("the admin token has 6 characters; make it 16 or more");
    }

    private static int asking(RunningGateway gateway, String path, String authorization) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                            + gateway.server().adminPort() + path))
                                    .header("authorization", authorization)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}

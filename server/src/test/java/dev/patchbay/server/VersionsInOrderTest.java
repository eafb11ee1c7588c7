package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Wherever versions are listed, 1.10.0 stands after 1.2.0.
class VersionsInOrderTest {

    private static final List<String> ORDER = List.of("1.2.0", "1.10.0-rc.2", "1.10.0-rc.10", "1.10.0");

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder, "inference: {greeting: {default_version: 1.10.0}}");
        for (String version : ORDER.reversed()) {
            gateway.with("greeting-" + version, SourceModule.echo("greeting", version));
        }
        gateway.start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void everyListIsInTheOrderOfSemanticVersioning() throws Exception {
        for (String version : ORDER.reversed()) {
            gateway.post("/v1/inference/greeting/versions/" + version, "{}");
        }
        assertThat(versions(gateway.admin("modules").path("modules"))).isEqualTo(ORDER);
        assertThat(versions(gateway.admin("usage").path("versions"))).isEqualTo(ORDER);
        assertThat(texts(gateway.admin("routes").path("tasks").path(0).path("ready")))
                .isEqualTo(ORDER);
        assertThat(versions(RunningGateway.JSON
                        .readTree(gateway.get("/v1/tasks/greeting").body())
                        .path("versions")))
                .isEqualTo(ORDER);
        assertThat(texts(RunningGateway.JSON
                        .readTree(gateway.get("/v2/models/greeting").body())
                        .path("versions")))
                .isEqualTo(ORDER);
        assertThat(gateway.get("/v2/models/greeting/versions/3.0.0").body())
                .contains("Ready: " + String.join(", ", ORDER));
        assertThat(gateway.server().summary()).containsExactly("greeting  " + String.join(", ", ORDER));
    }

    private static List<String> versions(JsonNode list) {
        List<String> versions = new ArrayList<>();
        list.forEach(each -> versions.add(each.path("version").asString("")));
        return versions;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asString("")));
        return texts;
    }
}

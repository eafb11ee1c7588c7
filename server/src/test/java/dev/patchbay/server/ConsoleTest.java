package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The console's files as a browser gets them, and what only the console asks for.
class ConsoleTest {

    private static final int MOST_BYTES = 120_000;
    private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"([^\"#:]+)\"|from '([^']+)'");

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("pets"), """
                inference:
                  calm: {default_version: "1.0.0"}
                  wild:
                    default_version: "1.0.0"
                    experiments: [{name: next, rollout: 100, unit: name, version: "2.0.0"}]
                """)
                .with("calm-1.0.0", SourceModule.echo("calm", "1.0.0"))
                .with("wild-1.0.0", SourceModule.echo("wild", "1.0.0"))
                .with("wild-2.0.0", SourceModule.echo("wild", "2.0.0"))
                .with("broken", new SourceModule("Broken", """
                        @Module(task = "broken", version = "1.0.0", owner = "others")
                        public final class Broken implements InferenceModule<Broken.In, Broken.In> {
                            public record In(String x) {}
                            public void load(ModuleContext context) { throw new IllegalStateException("no model there"); }
                            public In predict(In in, Call call) { return in; }
                        }
                        """))
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        gateway.close();
    }

    @Test
    void everythingAPageLoadsIsThereAndSmallAndFromHere() throws Exception {
        Map<String, String> files = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>();
        open.add("");
        while (!open.isEmpty()) {
            String file = open.pop();
            HttpResponse<String> answer = get("/console/" + file);
            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
                    .startsWith("default-src 'self'; frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("content-type")).hasValue(type(file));
            assertThat(answer.body()).as(file).doesNotContainPattern("(?:src|href|from|import)[=( ]*[\"']https?:");
            files.put(file, answer.body());
            Matcher loaded = LOADED.matcher(answer.body());
            while (file.isEmpty() || file.endsWith(".js") ? loaded.find() : false) {
                String next = (loaded.group(1) == null ? loaded.group(2) : loaded.group(1)).replaceFirst("^\\./", "");
                if (!files.containsKey(next) && !open.contains(next)) {
                    open.add(next);
                }
            }
        }
        assertThat(files).containsKeys("app.js", "console.css", "history.js", "charts.js");
        assertThat(files.get(""))
                .doesNotContain("<style", " style=", " onclick=")
                .doesNotContain("<script>");
        int bytes = 0;
        for (String content : files.values()) {
            bytes += zipped(content);
        }
        assertThat(bytes).isLessThan(MOST_BYTES);
    }

    private static String type(String file) {
        return file.isEmpty()
                ? "text/html; charset=utf-8"
                : file.endsWith(".css")
                        ? "text/css; charset=utf-8"
                        : file.endsWith(".svg") ? "image/svg+xml" : "text/javascript; charset=utf-8";
    }

    private static int zipped(String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.size();
    }

    @Test
    void theFrontDoorLeadsToItAndWhatIsKnownIsNotSentAgain() throws Exception {
        for (String door : new String[] {"/", "/console"}) {
            HttpResponse<String> answer = get(door);
            assertThat(answer.statusCode()).isEqualTo(302);
            assertThat(answer.headers().firstValue("location")).hasValue("/console/");
        }
        String tag = get("/console/app.js").headers().firstValue("etag").orElseThrow();
        HttpResponse<String> again = get("/console/app.js", "if-none-match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(get("/console/app.js", "if-none-match", "\"other\"").statusCode())
                .isEqualTo(200);
        assertThat(get("/console/%2e%2e/admin/AdminHandler.class").statusCode()).isEqualTo(400);
        assertThat(get("/console/nothing.js").statusCode()).isEqualTo(404);
    }

    @Test
    void itAnswersWhomTheApiAnswers() throws Exception {
        for (String path :
                new String[] {"/console/", "/console/app.js", "/", "/admin/v1/overview", "/admin/v1/status"}) {
            assertThat(rawStatus(path, "evil.example")).as(path).isEqualTo("HTTP/1.1 403 Forbidden");
            assertThat(get(path, "sec-fetch-site", "cross-site").statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
        // a link on another page may lead here, and may not ask for data
        assertThat(get("/console/", "sec-fetch-site", "cross-site", "sec-fetch-mode", "navigate")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/admin/v1/overview", "sec-fetch-site", "cross-site", "sec-fetch-mode", "navigate")
                        .statusCode())
                .isEqualTo(403);
        HttpRequest foreign = request("/admin/v1/try/calm", "sec-fetch-site", "cross-site")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"x\"}"))
                .build();
        assertThat(client.send(foreign, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void aPageOfAnotherOriginChangesNothingAlsoFromAnOlderBrowser() throws Exception {
        String own = "http://127.0.0.1:" + gateway.server().adminPort();
        for (String origin : new String[] {"http://evil.example", "null", "http://127.0.0.1:1", own + "0"}) {
            assertThat(tried(origin)).as(origin).isEqualTo(403);
        }
        assertThat(tried(own)).isEqualTo(200);
    }

    private int tried(String origin) throws Exception {
        HttpRequest request = request("/admin/v1/try/calm", "origin", origin)
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"x\"}"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    @Test
    void theOverviewHasARowForEachTaskAndWhatNeedsSomebody() throws Exception {
        for (int i = 0; i < 12; i++) {
            gateway.post("/v1/inference/wild", "{\"name\":\"unit-" + i + "\"}");
        }
        gateway.post("/v1/inference/wild", "{\"name\":\"unit\",\"fail\":\"bug\"}");
        gateway.post("/v1/inference/calm", "{\"name\":\"\"}");

        JsonNode all = gateway.admin("overview?sort=traffic");
        assertThat(all.path("tasks").asInt()).isEqualTo(3);
        assertThat(all.path("versions").toString()).isEqualTo("{\"failed\":1,\"ready\":3}");
        assertThat(all.path("traffic").path("calls").asInt()).isEqualTo(14);
        // what its caller did wrong is no failure
        assertThat(all.path("traffic").path("failed").asInt()).isEqualTo(1);
        JsonNode wild = all.path("rows").get(0);
        assertThat(wild.path("task").asString()).isEqualTo("wild");
        assertThat(wild.path("owner").asString()).isEqualTo("tests");
        assertThat(wild.path("default_ready").asBoolean()).isTrue();
        JsonNode next = wild.path("versions").get(1);
        assertThat(next.path("version").asString()).isEqualTo("2.0.0");
        assertThat(next.path("minute").asInt()).isEqualTo(13);
        assertThat(next.path("failed").asInt()).isEqualTo(1);
        assertThat(next.path("p99_us").asDouble()).isPositive();
        assertThat(wild.path("experiments").get(0).path("name").asString()).isEqualTo("next");

        JsonNode troubled = gateway.admin("overview?show=attention");
        assertThat(troubled.path("matching").asInt()).isEqualTo(1);
        assertThat(troubled.path("rows").get(0).path("task").asString()).isEqualTo("broken");
        assertThat(gateway.admin("overview?filter=calm")
                        .path("urgent")
                        .get(0)
                        .path("task")
                        .asString())
                .isEqualTo("broken");
        assertThat(troubled.path("troubled").get(0).path("cause").asString()).contains("load", "no model there");

        assertThat(gateway.admin("overview?filter=TESTS").path("matching").asInt())
                .isEqualTo(2);
        JsonNode second = gateway.admin("overview?limit=1&offset=1");
        assertThat(second.path("rows").size()).isEqualTo(1);
        assertThat(second.path("rows").get(0).path("task").asString()).isEqualTo("calm");
        HttpResponse<String> wrong = gateway.admin("GET", "/admin/v1/overview?sort=size", "");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("is task, traffic or failures, but is 'size'");
    }

    @Test
    void aTaskCanBeAskedAndDescribedFromTheAdminSide() throws Exception {
        HttpResponse<String> answer = gateway.admin("POST", "/admin/v1/try/wild", "{\"name\":\"x\"}");
        assertThat(answer.body()).isEqualTo("{\"name\":\"x\",\"version\":\"2.0.0\"}");
        assertThat(answer.headers().firstValue("inference-route")).hasValue("reason=SPLIT;rule=next;rev=1");
        assertThat(gateway.admin("POST", "/admin/v1/try/wild/versions/1.0.0", "{\"name\":\"x\"}")
                        .body())
                .contains("1.0.0");
        assertThat(gateway.admin("tasks/wild").path("request_schema").toString())
                .isEqualTo(RunningGateway.JSON
                        .readTree(gateway.get("/v1/tasks/wild").body())
                        .path("request_schema")
                        .toString());
        assertThat(gateway.admin("modules?task=wild").path("modules").size()).isEqualTo(2);
        assertThat(gateway.admin("routes?task=calm").path("tasks").size()).isEqualTo(1);
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway.server().adminPort() + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return client.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String rawStatus(String path, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.server().adminPort())) {
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(path, host)
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(0, answer.indexOf('\r'));
        }
    }
}

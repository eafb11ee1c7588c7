package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Versions and config change under traffic, and nobody notices but by the version in the answer.
class LiveChangeTest {

    private static final String ROUTED = """
            inference:
              greeting:
                default_version: "%s"
                attributes: {name: /name}
                experiments:
                  - {name: canary, rollout: %s, unit: name, version: "1.1.0"}
                  - {name: legacy, tenants: [tenant_a], version: "0.9.0"}
            """;

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("pets"), ROUTED.formatted("1.0.0", "10"))
                .with("greeting-0.9.0", SourceModule.echo("greeting", "0.9.0"))
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"))
                .with("greeting-1.1.0", SourceModule.echo("greeting", "1.1.0"))
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void everyAnswerSaysWhoGaveItAndExplainAgrees() throws Exception {
        int canary = 0;
        for (int i = 0; i < 300; i++) {
            HttpResponse<String> answer = call("unit-" + i, "tenant_b");
            String version = header(answer, "inference-version");
            assertThat(answer.body()).contains("\"version\":\"" + version + "\"");
            assertThat(header(answer, "inference-route"))
                    .isEqualTo(version.equals("1.1.0") ? "reason=SPLIT;rule=canary;rev=1" : "reason=DEFAULT;rev=1");
            JsonNode explained = RunningGateway.JSON.readTree(gateway.admin(
                            "POST",
                            "/admin/v1/explain",
                            "{\"task\":\"greeting\",\"tenant\":\"tenant_b\",\"request\":{\"name\":\"unit-%d\"}}"
                                    .formatted(i))
                    .body());
            assertThat(explained.path("version").asString()).isEqualTo(version);
            canary += version.equals("1.1.0") ? 1 : 0;
        }
        assertThat(canary).isBetween(12, 55);
        assertThat(header(call("unit-1", "tenant_a"), "inference-route")).isEqualTo("reason=TENANT;rule=legacy;rev=1");
        assertThat(header(call("unit-1", "tenant_a"), "inference-version")).isEqualTo("0.9.0");
        HttpResponse<String> pinned = gateway.post("/v1/inference/greeting/versions/1.1.0", "{\"name\":\"unit-1\"}");
        assertThat(header(pinned, "inference-route")).isEqualTo("reason=PINNED;rev=1");
    }

    @Test
    void aFaultyConfigIsRefusedAndTheLastGoodOneStays() throws Exception {
        gateway.save("inference: {greeting: {default_verson: 1.0.0}}");
        await().until(() -> !gateway.admin("status").path("problems").isEmpty());
        assertThat(gateway.admin("status")
                        .path("problems")
                        .get(0)
                        .path("message")
                        .asString())
                .isEqualTo(
                        "is not a key here. Did you mean 'default_version'? Keys: default_version, attributes, aliases, experiments, limits, config, versions, tenants, outcomes, shadow, retry, fallback, cache, flag");
        gateway.save(ROUTED.formatted("7.0.0", "10"));
        await().until(() -> gateway.admin("status").toString().contains("7.0.0"));
        assertThat(header(call("unit-1", "tenant_b"), "inference-version")).isIn("1.0.0", "1.1.0");
        assertThat(gateway.admin("status").path("revision").asInt()).isEqualTo(1);

        gateway.save(ROUTED.formatted("1.1.0", "100"));
        await().until(() -> gateway.admin("status").path("revision").asInt() == 2);
        assertThat(gateway.admin("status").path("problems")).isEmpty();
        assertThat(header(call("unit-1", "tenant_b"), "inference-version")).isEqualTo("1.1.0");
    }

    @Test
    void everyKindOfNonsenseLeavesTrafficAsItIs() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Queue<String> versions = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
            callers.add(Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    try {
                        versions.add(header(call("unit-1", "tenant_a"), "inference-version"));
                    } catch (Exception e) {
                        versions.add(e.toString());
                    }
                }
            }));
        }
        String good = ROUTED.formatted("1.0.0", "10");
        Map<String, String> nonsense = new LinkedHashMap<>();
        nonsense.put("inferense: {}", "is not a key here. Did you mean 'inference'?");
        nonsense.put(good.replace("0.9.0", "0.9.1"), "there is no version 0.9.1 of 'greeting'. Did you mean '0.9.0'");
        nonsense.put(good.replace("10", "101"), "must be a percentage from 0 to 100, but is 101");
        nonsense.put(good.replace("legacy", "canary"), "is the name of an experiment above");
        nonsense.put(good.substring(0, good.indexOf("version: \"1.1.0") + 4), "this is no YAML");
        nonsense.put("", "the file says nothing");
        nonsense.put("inference: " + "[".repeat(10_000), "is nested deeper than 64 levels");
        nonsense.put("inference: &a {greeting: *a}", "refers to itself by an alias");
        for (Map.Entry<String, String> entry : nonsense.entrySet()) {
            gateway.save(entry.getKey());
            await().until(() ->
                    gateway.admin("status").path("problems").toString().contains(entry.getValue()));
            assertThat(gateway.admin("status").path("revision").asInt()).isEqualTo(1);
        }
        gateway.save(good);
        await().until(() -> gateway.admin("status").path("problems").isEmpty());
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(versions).hasSizeGreaterThan(100).containsOnly("0.9.0");
    }

    @Test
    void rollbackIsANewRevisionWithTheOlderContent() throws Exception {
        gateway.save(ROUTED.formatted("1.1.0", "100"));
        await().until(() -> gateway.admin("status").path("revision").asInt() == 2);
        HttpResponse<String> done = gateway.admin(
                "POST",
                "/admin/v1/rollback",
                "{\"task\":\"greeting\",\"author\":\"ana\",\"reason\":\"too friendly\",\"expected_revision\":2}");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(header(call("unit-1", "tenant_b"), "inference-route")).contains("rev=3");
        JsonNode latest = gateway.admin("revisions").path("revisions").get(0);
        assertThat(latest.path("author").asString()).isEqualTo("ana");
        assertThat(latest.path("reason").asString()).isEqualTo("too friendly");
        assertThat(latest.path("changes").toString()).contains("default_version", "1.1.0", "1.0.0");
        assertThat(gateway.admin("status").path("differs_from_file").toString()).contains("greeting");

        HttpResponse<String> late =
                gateway.admin("POST", "/admin/v1/rollback", "{\"task\":\"greeting\",\"expected_revision\":2}");
        assertThat(late.statusCode()).isEqualTo(409);
    }

    @Test
    void anOrderToRollBackThatIsNotUnderstoodChangesNothing() throws Exception {
        gateway.save(ROUTED.formatted("1.1.0", "100"));
        await().until(() -> gateway.admin("status").path("revision").asInt() == 2);
        for (String field : List.of(
                "\"to_revision\":\"1\"", "\"to_version\":1", "\"expected_revision\":\"1\"", "\"if_revision\":1")) {
            HttpResponse<String> answer =
                    gateway.admin("POST", "/admin/v1/rollback", "{\"task\":\"greeting\",%s}".formatted(field));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
            assertThat(answer.body()).contains("\"path\":\"/" + field.substring(1, field.indexOf('"', 1)) + "\"");
        }
        assertThat(gateway.admin("status").path("revision").asInt()).isEqualTo(2);
    }

    @Test
    void versionsComeAndGoUnderTrafficAndNoCallIsLost() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong answered = new AtomicLong();
        Queue<String> lost = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
            String name = "caller-" + c;
            callers.add(Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    try {
                        HttpResponse<String> answer =
                                gateway.post("/v1/inference/greeting", "{\"name\":\"%s\",\"sleep\":3}".formatted(name));
                        if (answer.statusCode() != 200) {
                            lost.add(answer.body());
                        }
                        answered.incrementAndGet();
                    } catch (Exception e) {
                        lost.add(e.toString());
                    }
                }
            }));
        }
        String before = "greeting-1.0.0";
        for (int change = 0; change < 8; change++) {
            String version = "2.%d.0".formatted(change);
            SourceModule.echo("greeting", version).into(gateway.module("greeting-" + version));
            gateway.save("inference: {greeting: {default_version: %s}}".formatted(version));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> header(call("x", "t"), "inference-version").equals(version));
            long so = answered.get();
            await().until(() -> answered.get() > so + 10);
            SourceModule.remove(gateway.module(before));
            before = "greeting-" + version;
        }
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(lost).isEmpty();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(gateway.admin("modules")
                                .path("modules")
                                .valueStream()
                                .filter(module ->
                                        module.path("state").asString().equals("gone"))
                                .map(module -> module.path("loader").asString()))
                        .hasSize(8)
                        .containsOnly("unloaded"));
        assertThat(gateway.admin("GET", "/metrics", "").body()).contains("patchbay_calls_after_teardown_total 0.0");
    }

    @Test
    void aVersionThatRulesNameIsNotRetired() throws Exception {
        HttpResponse<String> refused = gateway.admin("DELETE", "/admin/v1/modules/greeting/1.0.0", "");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body())
                .contains(
                        "greeting@1.0.0 is still named by default_version in inference.greeting. Route its callers elsewhere first");
        SourceModule.remove(gateway.module("greeting-1.0.0"));
        await().until(() -> gateway.admin("modules").toString().contains("\"removed_from_folder\":true"));
        assertThat(call("x", "t").statusCode()).isEqualTo(200);
    }

    @Test
    void stoppingAnswersWhoeverIsInside() throws Exception {
        Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            callers.add(Thread.ofPlatform().start(() -> {
                try {
                    statuses.add(gateway.post("/v1/inference/greeting", "{\"name\":\"a\",\"sleep\":700}")
                            .statusCode());
                } catch (Exception e) {
                    statuses.add(-1);
                }
            }));
        }
        await().until(() -> gateway.admin("modules")
                        .path("modules")
                        .valueStream()
                        .mapToInt(module -> module.path("in_flight").asInt(0))
                        .sum()
                == 5);
        gateway.server().close();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(statuses).containsExactly(200, 200, 200, 200, 200);
    }

    private HttpResponse<String> call(String name, String tenant) throws Exception {
        return gateway.post("/v1/inference/greeting", "{\"name\":\"" + name + "\"}", "inference-tenant", tenant);
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}

package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/// Metrics as Prometheus reads them: named by its conventions, described, bounded; and what the dashboard and the alert
/// rules ask for is there. https://prometheus.io/docs/practices/naming/
class ScrapeTest {

    private static final Path OPS = Path.of("../ops");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    @TempDir
    static Path folder;

    private static RunningGateway gateway;
    private static List<String> lines;
    /// Sample name → its label names.
    private static final Map<String, Set<String>> SAMPLES = new TreeMap<>();

    @BeforeAll
    static void scrape() throws Exception {
        gateway = new RunningGateway(folder.resolve("pets"), """
                inference:
                  greeting:
                    default_version: "1.0.0"
                    outcomes: {accepted: higher}
                    shadow: [{version: "1.1.0"}]
                """)
                .with("greeting-1.0.0", SourceModule.echo("greeting", "1.0.0"))
                .with("greeting-1.1.0", SourceModule.echo("greeting", "1.1.0"))
                .start();
        for (int i = 0; i < 5; i++) {
            String id = gateway.post("/v1/inference/greeting", "{\"name\":\"a\"}", "inference-tenant", "acme")
                    .headers()
                    .firstValue("inference-request-id")
                    .orElseThrow();
            gateway.post("/v1/feedback", "{\"request_id\":\"" + id + "\",\"name\":\"accepted\",\"value\":true}");
        }
        gateway.post("/v1/inference/nobody_knows", "{}");
        org.awaitility.Awaitility.await()
                .until(() -> gateway.admin("shadow").toString().contains("\"compared\":5"));
        lines = gateway.admin("GET", "/metrics", "").body().lines().toList();
        for (String line : lines) {
            Matcher sample = SAMPLE.matcher(line);
            if (!line.startsWith("#") && sample.matches()) {
                Set<String> names = SAMPLES.computeIfAbsent(sample.group(1), name -> new HashSet<>());
                Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
                while (label.find()) {
                    names.add(label.group(1));
                }
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    @Test
    void everyLineIsOfTheFormat() {
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.startsWith("# HELP ")
                                || line.startsWith("# TYPE ")
                                || SAMPLE.matcher(line).matches())
                        .as(line)
                        .isTrue());
    }

    @Test
    void everyMetricIsDescribedOnce() {
        Map<String, String> help = new HashMap<>();
        List<String> typed = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                assertThat(help.put(words[2], words.length > 3 ? words[3] : ""))
                        .as(line)
                        .isNull();
            } else if (line.startsWith("# TYPE ")) {
                typed.add(words[2]);
            }
        }
        assertThat(typed)
                .doesNotHaveDuplicates()
                .allSatisfy(
                        name -> assertThat(help.get(name)).as("HELP of " + name).isNotBlank());
    }

    @Test
    void namesHaveOurPrefixAndBaseUnits() {
        for (String line : lines) {
            if (!line.startsWith("# TYPE patchbay_")) {
                continue;
            }
            String name = line.split(" ")[2];
            String type = line.split(" ")[3];
            assertThat(name).matches("patchbay_[a-z]+(_[a-z]+)*");
            assertThat(name).doesNotContain("millis", "micro", "nano", "percent", "_ms", "_mb");
            assertThat(name.endsWith("_total")).as(line).isEqualTo(type.equals("counter"));
            if (type.equals("histogram")) {
                assertThat(name).as("a unit").matches(".*_(seconds|bytes|ratio|size)");
            }
        }
        assertThat(SAMPLES.keySet())
                .allSatisfy(name -> assertThat(name).matches("(patchbay|jvm|process|system|executor|logback)_.*"));
    }

    @Test
    void whatComesFromOutsideIsNoLabel() {
        String text = String.join("\n", lines);
        assertThat(text).doesNotContain("acme", "nobody_knows");
        Set<String> known = Set.of(
                "task", "version", "outcome", "stage", "reason", "code", "verdict", "state", "metric", "le", "jdk",
                "kind", "level");
        SAMPLES.forEach((name, labels) -> {
            if (name.startsWith("patchbay_")) {
                assertThat(known).as(name).containsAll(labels);
            }
        });
    }

    @Test
    void bucketsBeginWhereSmallModelsAnswer() {
        List<String> buckets = lines.stream()
                .filter(line -> line.startsWith("patchbay_request_duration_seconds_bucket")
                        && line.contains("version=\"1.0.0\""))
                .toList();
        assertThat(buckets).hasSizeBetween(15, 20);
        assertThat(buckets.getFirst()).contains("le=\"1.0E-4\"");
        assertThat(buckets.getLast()).contains("le=\"+Inf\"");
    }

    @Test
    void whatTheConventionsNameIsThere() {
        assertThat(SAMPLES.keySet())
                .contains(
                        "patchbay_requests_total",
                        "patchbay_request_duration_seconds_bucket",
                        "patchbay_stage_duration_seconds_bucket",
                        "patchbay_gateway_overhead_seconds_bucket",
                        "patchbay_requests_in_flight",
                        "patchbay_queue_depth",
                        "patchbay_circuit_open",
                        "patchbay_route_decisions_total",
                        "patchbay_requests_unrouted_total",
                        "patchbay_module_state",
                        "patchbay_shadow_results_total",
                        "patchbay_outcome_total",
                        "patchbay_routing_revision",
                        "patchbay_build_info");
        assertThat(lines).contains("patchbay_module_state{state=\"ready\",task=\"greeting\",version=\"1.0.0\"} 1.0");
    }

    @Test
    void theDashboardAsksForWhatIsThere() throws IOException {
        JsonNode dashboard = RunningGateway.JSON.readTree(Files.readString(OPS.resolve("grafana/patchbay.json")));
        assertThat(dashboard.path("id").isNull()).isTrue();
        assertThat(dashboard.path("uid").asString()).isEqualTo("patchbay");
        List<String> expressions = new ArrayList<>();
        dashboard
                .path("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> expressions.add(target.path("expr").asString())));
        dashboard.path("templating").path("list").forEach(variable -> {
            if (variable.has("definition")) {
                expressions.add(variable.path("definition").asString());
            }
        });
        assertThat(expressions).hasSizeGreaterThan(12).allSatisfy(ScrapeTest::isAnswerable);
    }

    @Test
    void theAlertsAskForWhatIsThere() throws IOException {
        JsonNode file =
                RunningGateway.JSON.valueToTree(new Load(LoadSettings.builder().build())
                        .loadFromString(Files.readString(OPS.resolve("prometheus/alerts.yaml"))));
        List<JsonNode> rules = new ArrayList<>();
        file.path("groups").forEach(group -> group.path("rules").forEach(rules::add));
        assertThat(rules).hasSizeGreaterThan(4).allSatisfy(rule -> {
            assertThat(rule.propertyNames()).containsExactlyInAnyOrder("alert", "expr", "for", "labels", "annotations");
            assertThat(rule.path("annotations").propertyNames()).containsExactlyInAnyOrder("summary", "description");
            isAnswerable(rule.path("expr").asString());
        });
    }

    @Test
    void anExpressionThatNobodyAnswersIsNoticed() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> isAnswerable("rate(patchbay_request_total[5m])"))
                .isInstanceOf(AssertionError.class);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> isAnswerable("sum by (tenant) (patchbay_requests_total)"))
                .isInstanceOf(AssertionError.class);
    }

    /// Every metric of the expression is in the scrape, and has every label it is asked for.
    private static void isAnswerable(String expression) {
        Set<String> labels = new HashSet<>();
        Matcher metrics = Pattern.compile("(patchbay_[a-z_]+)(?:\\{([^}]*)})?").matcher(expression);
        Set<String> common = null;
        while (metrics.find()) {
            Set<String> there = SAMPLES.get(metrics.group(1));
            assertThat(there).as(metrics.group(1) + " in " + expression).isNotNull();
            Matcher selected = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)")
                    .matcher(metrics.group(2) == null ? "" : metrics.group(2));
            while (selected.find()) {
                assertThat(there).as(expression).contains(selected.group(1));
            }
            common = there;
        }
        assertThat(common).as("a metric in " + expression).isNotNull();
        Matcher by = Pattern.compile("by \\(([^)]*)\\)").matcher(expression);
        while (by.find()) {
            labels.addAll(List.of(by.group(1).split(", ")));
        }
        assertThat(common).as(expression).containsAll(labels);
        assertThat(expression.chars().filter(c -> c == '(').count())
                .as(expression)
                .isEqualTo(expression.chars().filter(c -> c == ')').count());
    }
}

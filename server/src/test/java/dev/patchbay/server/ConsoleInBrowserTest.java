package dev.patchbay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The console in a real browser, over a running gateway.
class ConsoleInBrowserTest {

    private static final String CONFIG = """
            inference:
              scoring:
                default_version: "%s"
                outcomes: {accepted: higher}
                experiments:
                  - {name: tenant-rule, tenants: [old-friend], version: "1.0.0"}
                  - {name: next, steps: [20, 50, 100], bake: 1h, unit: name, version: "3.0.0"}
                shadow: [{version: "3.0.0", sample: 100, unit: name}]
            """;

    private static final String[] PAGES = {
        "#/",
        "#/task/scoring",
        "#/routing/scoring?tenant=acme&a.name=pet-1",
        "#/rollout/scoring",
        "#/shadow/scoring",
        "#/modules?open=broken",
        "#/playground/scoring",
        "#/history?revision=1"
    };

    private static Browser browser;
    private static String axe;

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeAll
    static void open() throws Exception {
        Optional<Path> program = Browser.installed();
        assumeTrue(
                program.isPresent(),
                "no Chromium on the path: install one, or name it in CHROMIUM, to look at the console");
        browser = new Browser(program.get());
        try (InputStream script = ConsoleInBrowserTest.class.getResourceAsStream("/axe.min.js")) {
            axe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void shut() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    private static SourceModule scoring(String version) {
        return new SourceModule("Scoring", """
                @Module(task = "scoring", version = "%1$s", owner = "tests", description = "Scores things")
                public final class Scoring implements InferenceModule<Scoring.Request, Scoring.Answer> {
                    public enum Kind { dog, cat }
                    public record Part(@Min(0) int grams) {}
                    public record Request(@Size(max = 40) String name, Optional<Kind> kind, Optional<@Max(9) Double> weight,
                            Optional<Boolean> old, Optional<List<Part>> parts) {}
                    public record Answer(String version, double score, String kind) {}
                    public Answer predict(Request request, Call call) {
                        if (request.name().isEmpty()) throw new InferenceException(ErrorCode.DEPENDENCY_FAILED, "the bowl is offline");
                        return new Answer("%1$s", request.name().length() / 10.0, request.kind().map(Enum::name).orElse("none"));
                    }
                }
                """.formatted(version));
    }

    @BeforeEach
    void start() throws Exception {
        gateway = new RunningGateway(folder.resolve("pets"), CONFIG.formatted("1.0.0"))
                .with("scoring-1.0.0", scoring("1.0.0"))
                .with("scoring-2.0.0", scoring("2.0.0"))
                .with("scoring-3.0.0", scoring("3.0.0"))
                .with("broken", new SourceModule("Broken", """
                        @Module(task = "broken", version = "1.0.0", owner = "others")
                        public final class Broken implements InferenceModule<Broken.In, Broken.In> {
                            public record In(String x) {}
                            public void load(ModuleContext context) { throw new IllegalStateException("no model there"); }
                            public In predict(In in, Call call) { return in; }
                        }
                        """))
                .start();
        gateway.save(CONFIG.formatted("2.0.0"));
        await().until(() -> gateway.admin("status").path("revision").asLong() == 2);
        browser.dark(false);
        browser.size(1360, 900);
    }

    @AfterEach
    void stop() throws Exception {
        if (gateway != null) {
            gateway.close();
        }
    }

    private String address(String page) {
        return "http://127.0.0.1:" + gateway.server().adminPort() + "/console/" + page;
    }

    private void see(String page) {
        browser.open(address(page));
        browser.until("document.querySelector('main .panel') && !document.querySelector('.skeleton')");
    }

    private void traffic(int calls) throws Exception {
        for (int i = 0; i < calls; i++) {
            JsonNode answer = RunningGateway.JSON.readTree(gateway.post(
                            "/v1/inference/scoring",
                            "{\"name\":\"%s\"}".formatted(i % 10 == 9 ? "" : "pet-" + i),
                            "inference-tenant",
                            i % 3 == 0 ? "acme" : "old-friend")
                    .body());
            if (answer.has("version")) {
                gateway.post(
                        "/v1/feedback",
                        "{\"task\":\"scoring\",\"unit\":\"pet-%d\",\"name\":\"accepted\",\"value\":%s}"
                                .formatted(i, i % 2 == 0));
            }
        }
    }

    private String served(String name) throws IOException, InterruptedException {
        return gateway.post("/v1/inference/scoring", "{\"name\":\"" + name + "\"}")
                .headers()
                .firstValue("inference-version")
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noPageKeepsAnybodyOut(boolean dark) throws Exception {
        traffic(60);
        // two points of evidence make a drawing
        await().until(() -> gateway.admin("rollout/scoring")
                        .path("rollouts")
                        .get(0)
                        .path("history")
                        .size()
                > 1);
        browser.dark(dark);
        for (String page : PAGES) {
            browser.size(1360, 900);
            see(page);
            JsonNode found = browser.run(
                    axe + "; axe.run(document, {resultTypes: ['violations']}).then((r) => "
                            + "r.violations.map((v) => ({id: v.id, help: v.help, at: v.nodes.map((n) => n.target + ' ' + n.failureSummary)})))");
            assertThat(found.toPrettyString()).as(page).isEqualTo("[ ]");
            assertThat(browser.run("document.querySelectorAll('h1').length").asInt())
                    .as(page)
                    .isEqualTo(1);
            for (int width : new int[] {1360, 400, 320}) {
                browser.size(width, 900);
                assertThat(browser.run("document.scrollingElement.scrollWidth").asInt())
                        .as("%s at a width of %d".formatted(page, width))
                        .isLessThanOrEqualTo(width);
            }
        }
        assertThat(browser.run("getComputedStyle(document.body).backgroundColor")
                        .asString())
                .isEqualTo(dark ? "rgb(15, 19, 23)" : "rgb(255, 255, 255)");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aRollbackIsTwoClicksAndAReason() throws Exception {
        traffic(20);
        assertThat(served("pet-2")).isEqualTo("2.0.0");
        see("");
        assertThat(browser.text()).contains("scoring", "2.0.0", "broken 1.0.0 failed", "no model there");

        browser.click("button[aria-label='Roll back scoring']");
        browser.until("document.querySelector('dialog .diff')");
        assertThat(browser.text("dialog")).contains("default_version", "− 2.0.0", "+ 1.0.0", "revision 1");
        assertThat(browser.run("document.activeElement.name").asString()).isEqualTo("reason");
        // a reason is text and nothing else
        browser.type("<img src=x onerror=\"document.title='hacked'\"> scores puppies too high");
        browser.run("document.querySelector('dialog [name=author]').value = 'ana'");
        browser.click("dialog button.danger");
        browser.until("!document.querySelector('dialog')");

        assertThat(served("pet-2")).isEqualTo("1.0.0");
        browser.until("document.querySelector('#said')?.innerText.includes('Revision 3 is in force')");
        browser.until("document.querySelector('#pulse')?.innerText.includes('revision 3')");
        browser.untilSeen("onerror=\"document.title='hacked'\"> scores puppies too high");
        JsonNode revision = gateway.admin("revisions").path("revisions").get(0);
        assertThat(revision.path("source").asString()).isEqualTo("rollback");
        assertThat(revision.path("author").asString()).isEqualTo("ana");
        see("#/history?revision=3");
        assertThat(browser.text()).contains("scores puppies too high", "differs from the file");
        assertThat(browser.run("document.title").asString()).doesNotContain("hacked");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aRollbackWorksByKeyboardAndSaysWhenSomebodyWasFaster() throws Exception {
        see("#/task/scoring");
        browser.press("r");
        browser.until("document.querySelector('dialog .diff')");
        browser.press("Escape");
        browser.until("!document.querySelector('dialog')");

        browser.press("r");
        browser.until("document.querySelector('dialog .diff')");
        gateway.save(CONFIG.formatted("3.0.0"));
        await().until(() -> gateway.admin("status").path("revision").asLong() == 3);
        browser.run("document.querySelector('dialog [name=author]').value = 'ana'");
        browser.type("too slow");
        browser.press("Enter");
        browser.until(
                "document.querySelector('dialog [role=alert]').innerText.includes('somebody changed the config')");
        assertThat(gateway.admin("status").path("revision").asLong()).isEqualTo(3);

        see("#/history?revision=1");
        browser.click("main .actions button.danger");
        browser.until("document.querySelector('dialog .diff')");
        browser.run("document.querySelector('dialog [name=author]').value = 'ana'");
        browser.type("back to the start");
        browser.press("Enter");
        browser.until("!document.querySelector('dialog')");
        assertThat(served("pet-2")).isEqualTo("1.0.0");
    }

    @Test
    void aGatewayWithATokenAsksForItOnceAndKeepsItOutOfAddresses() throws Exception {
        String token = "correct-horse-battery";
        gateway.close();
        gateway = new RunningGateway(folder.resolve("guarded"), "inference: {calm: {default_version: \"1.0.0\"}}")
                .with("calm-1.0.0", SourceModule.echo("calm", "1.0.0"))
                .start(token);
        browser.open(address(""));
        browser.until("document.querySelector('dialog [name=token]')");
        assertThat(browser.run("document.activeElement.name").asString()).isEqualTo("token");
        assertThat(browser.run("document.querySelectorAll('dialog').length").asInt())
                .isEqualTo(1);
        assertThat(browser.run(axe
                                + "; axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations.length)")
                        .asInt())
                .isZero();

        browser.press("Escape");
        browser.untilSeen("asks for a token");
        browser.click("main .note button");
        browser.until("document.querySelector('dialog [name=token]')");
        browser.type("not this one, I fear");
        browser.press("Enter");
        browser.until("document.querySelector('dialog [role=alert]')");
        browser.type(token);
        browser.press("Enter");
        browser.until("document.querySelector('main .panel') && !document.querySelector('dialog')");
        browser.until("document.querySelector('#pulse')?.innerText.includes('connected')");

        // another page of the same tab, and the same one loaded anew
        browser.run("location.hash = '#/task/calm'");
        browser.untilSeen("Versions side by side");
        browser.run("location.reload()");
        browser.untilSeen("Versions side by side");
        assertThat(browser.run("document.querySelectorAll('dialog').length").asInt())
                .isZero();
        assertThat(browser.run("location.href + document.cookie + Object.values(localStorage).join()")
                        .asString())
                .doesNotContain(token);
        browser.run("sessionStorage.clear()");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theDecisionIsTheOneThatCallsGet() throws Exception {
        int canaries = 0;
        for (int i = 0; i < 12; i++) {
            see("#/routing/scoring?a.name=pet-" + i);
            Matcher version = Pattern.compile("Gets (\\S+) by reason").matcher(browser.text());
            assertThat(version.find()).isTrue();
            assertThat(version.group(1)).isEqualTo(served("pet-" + i));
            canaries += version.group(1).equals("3.0.0") ? 1 : 0;
        }
        assertThat(canaries).isBetween(1, 8);
        browser.click("input[name=tenant]");
        browser.type("old-friend");
        browser.untilSeen("Gets 1.0.0 by reason TENANT of rule tenant-rule");
        assertThat(browser.run("location.hash").asString()).contains("tenant=old-friend");
    }

    @Test
    void anExperimentIsPromotedPausedAndTakenAway() throws Exception {
        see("#/rollout/scoring");
        assertThat(browser.text()).contains("3.0.0 instead of 2.0.0 for 20 %", "Too early to say");
        decide("Promote…", "looks well");
        browser.untilSeen("3.0.0 instead of 2.0.0 for 50 %");
        see("#/task/scoring");
        browser.untilSeen("experiments[next].decided.rollout → 50 %");
        // what changed last is what a rollback undoes first
        browser.press("r");
        browser.until("document.querySelector('dialog .diff')");
        assertThat(browser.text("dialog .preview")).contains("experiments[next].share", "− 50 %", "2.0.0 answers");
        browser.press("Escape");
        see("#/rollout/scoring");
        decide("Pause…", "weekend");
        browser.untilSeen("Paused by ana");
        decide("Resume…", "monday");
        browser.untilSeen("▶ running");
        decide("Take its calls away…", "too many complaints");
        browser.untilSeen("Halted by ana");
        for (int i = 0; i < 20; i++) {
            assertThat(served("pet-" + i)).isEqualTo("2.0.0");
        }
        decide("Acknowledge…", "it was the test");
        browser.untilSeen("3.0.0 instead of 2.0.0 for 20 %");
    }

    private void decide(String button, String reason) {
        browser.untilSeen(button);
        browser.run("[...document.querySelectorAll('main button')].find((b) => b.innerText === "
                + Browser.quoted(button) + ").setAttribute('data-meant', '')");
        browser.click("[data-meant]");
        browser.until("document.querySelector('dialog')");
        browser.run("document.querySelector('dialog [name=author]').value = 'ana'");
        browser.type(reason);
        browser.press("Enter");
        browser.until("!document.querySelector('dialog')");
    }

    @Test
    void thePlaygroundsFormAsksTheTask() throws Exception {
        see("#/playground/scoring");
        browser.until("document.querySelector('form.stack select option[value=\"2\"]')");
        browser.run(
                "(() => { const field = (name) => document.getElementById([...document.querySelectorAll('.field label')]"
                        + ".find((l) => l.innerText.startsWith(name)).htmlFor);"
                        + " field('name').value = 'a name long'; field('kind').value = '2'; })()");
        browser.click("form.stack button[type=submit]");
        browser.untilSeen("\"kind\": \"cat\"");
        assertThat(browser.text()).contains("✔ 200", "\"score\": 1.1", "reason=");
        browser.click("main details summary");
        browser.untilSeen("patchbay try scoring");
        // what is refused says which field
        browser.run("[...document.querySelectorAll('.field input')][0].value = 'x'.repeat(60)");
        browser.click("form.stack button[type=submit]");
        browser.untilSeen("✖ 422");
        assertThat(browser.text()).contains("/name");
    }

    @Test
    void whatSomebodyTypesStaysWhileThePageIsReadAgain() throws Exception {
        see("");
        browser.click("input[name=filter]");
        browser.type("scor");
        browser.until("location.hash.includes('filter=scor')");
        traffic(5);
        browser.until("[...document.querySelectorAll('tbody tr')].length === 1");
        long before = gateway.admin("overview").path("traffic").path("calls").asLong();
        browser.until("document.querySelector('.tiles').innerText.includes('of " + before + "')");
        browser.type("ing");
        assertThat(browser.run("document.activeElement.value").asString()).isEqualTo("scoring");
        browser.run("document.querySelector('#theme').value = 'dark'; document.querySelector('#theme').onchange()");
        see("#/modules?filter=broken");
        assertThat(browser.run("document.documentElement.dataset.theme").asString())
                .isEqualTo("dark");
        assertThat(browser.run("document.querySelectorAll('tbody tr').length").asInt())
                .isEqualTo(1);
        browser.run("localStorage.clear()");
    }

    @Test
    void aGatewayThatIsGoneIsSaidAndOldDataStays() throws Exception {
        see("#/task/scoring");
        gateway.close();
        browser.untilSeen("The gateway does not answer.");
        browser.until("document.querySelector('#pulse')?.innerText.includes('disconnected')");
        assertThat(browser.text()).contains("What you see is from", "Versions side by side");
        browser.run("location.hash = '#/modules'");
        browser.untilSeen("Is it running?");
    }

    @Test
    void anEmptyGatewaySaysWhatToDo() throws Exception {
        gateway.close();
        gateway = new RunningGateway(folder.resolve("empty"), "inference: {}\n").start();
        browser.open(address(""));
        browser.untilSeen("There are no tasks yet.");
        for (String page : new String[] {"task", "routing", "rollout", "shadow", "modules", "playground"}) {
            browser.open(address("#/" + page));
            browser.until("document.querySelector('main .empty')");
        }
        assertThat(browser.complaints()).isEmpty();
    }
}

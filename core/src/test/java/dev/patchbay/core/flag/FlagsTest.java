package dev.patchbay.core.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.api.runtime.FlagSource;
import dev.patchbay.core.config.ConfigParser;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.routing.Explanation;
import dev.patchbay.core.routing.FlagAnswer;
import dev.patchbay.core.routing.FlagAnswer.Result;
import dev.patchbay.core.routing.FlagQuestion;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.routing.RouteQuery;
import dev.patchbay.core.routing.Router;
import dev.patchbay.core.telemetry.EventLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Providers that work, fail, hang and ignore that nobody waits, and what routing makes of it.
class FlagsTest {

    private static final String CONFIG = """
            inference:
              score:
                default_version: stable
                aliases: {stable: "1.0.0", next: "2.0.0"}
                attributes: {pet: /pet/id, age: /pet/age, chipped: /pet/chipped}
                flag: {key: score-version, unit: pet}
            """;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final EventLog events = new EventLog(Clock.systemUTC());
    private final Router router = new Router();

    /// A provider made of one function.
    @FunctionalInterface
    private interface Provider extends FlagSource {
        @Override
        default void start(@Nullable String provider) {}

        @Override
        default void close() {}
    }

    private static Provider says(String value) {
        return (key, unit, attributes) -> new FlagSource.Flag(value, "STATIC", null);
    }

    private Flags flags(FlagSource source) {
        return new Flags(source, Duration.ofMillis(40), meters, events);
    }

    private RouteQuery query(String json) {
        List.of("1.0.0", "2.0.0").forEach(version -> router.ready(new ModuleKey("score", version)));
        router.activate(1, ConfigParser.parse(CONFIG).config());
        JsonNode body = JsonMapper.shared().readTree(json);
        return new RouteQuery("score", "acme", null, "r1", body, Map.of());
    }

    private Explanation asked(Flags flags) {
        RouteQuery query = query("{\"pet\": {\"id\": \"luna\"}}");
        FlagQuestion question = router.table().flagQuestion(query);
        RouteQuery decided =
                query.with(flags.ask(Objects.requireNonNull(question)).join());
        Explanation explanation = router.table().explain(decided);
        assertThat(router.resolve(decided)).isEqualTo(explanation.resolution());
        return explanation;
    }

    private static Resolution resolution(Explanation explanation) {
        return Objects.requireNonNull(explanation.resolution());
    }

    @Test
    void aProviderIsToldUnitTenantTaskAndTheNamedAttributes() {
        RouteQuery query = query("{\"pet\": {\"id\": \"luna\", \"age\": 7, \"chipped\": true}, \"secret\": 1}");
        assertThat(router.table().flagQuestion(query))
                .isEqualTo(new FlagQuestion(
                        "score",
                        "score-version",
                        "luna",
                        Map.of("task", "score", "tenant", "acme", "pet", "luna", "age", 7L, "chipped", true)));
    }

    @Test
    void itsValueIsAVersionOrAnAlias() {
        for (String value : List.of("2.0.0", "next")) {
            try (Flags flags = flags(says(value))) {
                Explanation explanation = asked(flags);
                assertThat(resolution(explanation).header()).isEqualTo("reason=FLAG;rule=score-version;rev=1");
                assertThat(resolution(explanation).version()).isEqualTo("2.0.0");
                assertThat(explanation.steps().get(1))
                        .isEqualTo(new Explanation.Step(
                                "flag", "score-version", "2.0.0", "chosen", null, null, null, null, "STATIC"));
            }
        }
    }

    @Test
    void aVersionThatIsNotReadyIsSkippedAndSaidSo() {
        try (Flags flags = flags(says("9.9.9"))) {
            Explanation explanation = asked(flags);
            assertThat(resolution(explanation).header())
                    .isEqualTo("reason=DEFAULT;rev=1;skipped=score-version:not_ready");
            assertThat(explanation.steps().get(1).version()).isEqualTo("9.9.9");
        }
    }

    @Test
    void aFlagThatDecidesNothingLeavesItToTheFile() {
        try (Flags flags = flags(says(""))) {
            assertThat(resolution(asked(flags)).header()).isEqualTo("reason=DEFAULT;rev=1");
        }
        assertThat(events.since(0)).isEmpty();
    }

    @Test
    void aProviderThatThrowsIsSkippedAndToldOfOnce() {
        Provider throwing = (key, unit, attributes) -> {
            throw new LinkageError("no such class");
        };
        try (Flags flags = flags(throwing)) {
            for (int i = 0; i < 5; i++) {
                assertThat(resolution(asked(flags)).header())
                        .isEqualTo("reason=DEFAULT;rev=1;skipped=score-version:error");
            }
        }
        assertThat(events.since(0)).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo("flag-failed");
            assertThat(event.message())
                    .isEqualTo("flag score-version decided nothing (error): java.lang.LinkageError: no such class. The"
                            + " default version answers meanwhile");
        });
        assertThat(meters.get("patchbay.flag.evaluations")
                        .tag("result", "error")
                        .counter()
                        .count())
                .isEqualTo(5);
    }

    @Test
    void aProviderThatHangsIsInterruptedAndThenLeftAlone() {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        Provider hanging = (key, unit, attributes) -> {
            asked.incrementAndGet();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
            return new FlagSource.Flag("2.0.0", "too late", null);
        };
        try (Flags flags = flags(hanging)) {
            FlagAnswer.Result result = Result.TIMEOUT;
            for (int i = 0; i < Flags.LATE && result == Result.TIMEOUT; i++) {
                Explanation explanation = asked(flags);
                assertThat(resolution(explanation).version()).isEqualTo("1.0.0");
                assertThat(explanation.steps().get(1).outcome()).isEqualTo("timeout");
            }
            assertThat(asked(flags).steps().get(1).outcome()).isEqualTo("resting");
            assertThat(asked).hasValue(Flags.LATE);
            await().untilAsserted(() -> assertThat(interrupted).hasValue(Flags.LATE));
            // after a while it is tried again
            await().until(() -> asked(flags).steps().get(1).outcome().equals("timeout"));
        }
    }

    @Test
    void aProviderThatIgnoresItsInterruptGetsNoMoreQuestionsThanThereArePlaces() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Provider deaf = (key, unit, attributes) -> {
            boolean over = false;
            while (!over) {
                try {
                    end.await();
                    over = true;
                } catch (InterruptedException ignored) {
                    // as some drivers do
                }
            }
            return new FlagSource.Flag("2.0.0", "", null);
        };
        try (Flags flags = new Flags(deaf, Duration.ofSeconds(30), meters, events)) {
            FlagQuestion question = new FlagQuestion("score", "score-version", null, Map.of());
            for (int i = 0; i < Flags.PLACES; i++) {
                assertThat(flags.ask(question)).isNotDone();
            }
            assertThat(flags.ask(question).join().result()).isEqualTo(Result.BUSY);
            end.countDown();
            await().until(() -> flags.ask(question).join().result() == Result.VALUE);
        }
    }

    @Test
    void aProviderThatCannotStartLeavesTheReasonInEveryAnswer() {
        Provider broken = new Provider() {
            @Override
            public void start(@Nullable String provider) {
                throw new IllegalArgumentException("'" + provider + "' is in no jar");
            }

            @Override
            public Flag evaluate(String key, @Nullable String unit, Map<String, Object> attributes) {
                throw new AssertionError("never asked");
            }
        };
        try (Flags flags = flags(broken)) {
            flags.start("com.example.Flags");
            Explanation explanation = asked(flags);
            assertThat(resolution(explanation).reason()).isEqualTo(Reason.DEFAULT);
            assertThat(explanation.steps().get(1).detail())
                    .isEqualTo("flags.provider 'com.example.Flags' is in no jar");
        }
    }

    @Test
    void nothingIsAskedForACallThatNamesItsVersion() {
        query("{}");
        assertThat(router.table()
                        .flagQuestion(new RouteQuery(
                                "score",
                                "acme",
                                "next",
                                "r1",
                                JsonMapper.shared().readTree("{}"),
                                Map.of())))
                .isNull();
    }
}

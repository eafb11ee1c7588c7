package dev.patchbay.core.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.telemetry.EventLog;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Troubles are told once when they begin and once when they are over.
class HealthWatchTest {

    private static final Outcome OK = new Outcome.Answer(new byte[0]);
    private static final ModuleKey KEY = new ModuleKey("score", "1.0.0");

    private final UsageBook book = new UsageBook(Clock.systemUTC());
    private final EventLog events = new EventLog(Clock.systemUTC());
    private final HealthWatch watch = new HealthWatch(() -> List.of(new HealthWatch.Watched(KEY, 500)), book, events);

    @AfterEach
    void stop() {
        watch.close();
    }

    @Test
    void aHealthyVersionIsNoNews() {
        calls(200, 1_000, OK);
        watch.look();
        assertThat(events.since(0)).isEmpty();
    }

    @Test
    void failuresAreToldOnceAndSoIsTheirEnd() {
        calls(90, 1_000, OK);
        calls(10, 1_000, new Outcome.Failure(new InferenceException(ErrorCode.MODULE_FAILED, "no")));
        watch.look();
        watch.look();
        assertThat(events.since(0)).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo("error-rate");
            assertThat(event.level()).isEqualTo(EventLog.Level.ALARM);
            assertThat(event.message()).isEqualTo("1.0.0: 10 of 100 calls failed in the last minute");
        });
        calls(2_000, 1_000, OK);
        watch.look();
        assertThat(events.since(1))
                .singleElement()
                .satisfies(event -> assertThat(event.message())
                        .isEqualTo("1.0.0 is well again: 10 of 2100 calls failed in the last minute"));
    }

    @Test
    void requestsThatWereWrongAreNobodysFailures() {
        calls(50, 1_000, OK);
        calls(50, 1_000, new Outcome.Failure(new InferenceException(ErrorCode.INVALID_REQUEST, "no")));
        watch.look();
        assertThat(events.since(0)).isEmpty();
    }

    @Test
    void slowerThanBeforeAndThanInWarmUpIsTold() {
        for (int i = 0; i < 1_000; i++) {
            book.finished(UsageBookTest.call(
                    "1.0.0",
                    null,
                    1_000,
                    OK,
                    System.nanoTime() - Duration.ofMinutes(10).toNanos()));
        }
        calls(40, 30_000, OK);
        watch.look();
        assertThat(events.since(0)).extracting(EventLog.Event::kind).containsExactly("latency-spike");
        for (int i = 0; i < 2_000; i++) {
            book.finished(UsageBookTest.call("1.0.0", 0, 30_000, System.nanoTime()));
        }
        watch.look();
        assertThat(events.since(0))
                .extracting(EventLog.Event::message)
                .anySatisfy(message -> assertThat(message)
                        .matches("1.0.0: p95 inside the module is (29|30).\\d ms in the hour, 0.5 ms in its warm-up"));
    }

    @Test
    void waitingForAThreadMakesNoVersionSlowerThanItWas() {
        for (int i = 0; i < 2_000; i++) {
            book.finished(UsageBookTest.call("1.0.0", 30_000, 600, System.nanoTime()));
        }
        watch.look();
        assertThat(events.since(0)).isEmpty();
    }

    @Test
    void whatIsNoLongerLoadedIsForgotten() {
        calls(5, 1_000, OK);
        book.finished(UsageBookTest.call("0.9.0", "acme", 1_000, OK, System.nanoTime()));
        assertThat(book.report()).hasSize(2);
        watch.look();
        assertThat(book.report()).extracting(UsageReport::key).containsExactly(KEY);
    }

    @Test
    void fewCallsSayNothing() {
        calls(29, 90_000, new Outcome.Failure(new InferenceException(ErrorCode.MODULE_FAILED, "no")));
        watch.look();
        assertThat(events.since(0)).isEmpty();
    }

    private void calls(int count, double micros, Outcome outcome) {
        for (int i = 0; i < count; i++) {
            book.finished(UsageBookTest.call("1.0.0", null, micros, outcome, System.nanoTime()));
        }
    }
}

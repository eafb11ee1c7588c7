package dev.patchbay.core.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The book against counts and quantiles made by hand.
class UsageBookTest {

    private static final Outcome OK = new Outcome.Answer(new byte[0]);

    private final UsageBook book = new UsageBook(Clock.systemUTC());

    @Test
    void quantilesAreThoseOfAllDurations() {
        SplittableRandom random = new SplittableRandom(7);
        double[] micros = new double[5_000];
        for (int i = 0; i < micros.length; i++) {
            micros[i] = Math.exp(random.nextGaussian()) * 400;
            book.finished(call("1.0.0", null, micros[i], OK, System.nanoTime()));
        }
        Arrays.sort(micros);
        Quantiles total = report("1.0.0").minute().total();
        assertThat(total.count()).isEqualTo(5_000);
        assertThat(total.p50()).isCloseTo(micros[2_500], within(micros[2_500] * 0.015));
        assertThat(total.p95()).isCloseTo(micros[4_750], within(micros[4_750] * 0.015));
        assertThat(total.p99()).isCloseTo(micros[4_950], within(micros[4_950] * 0.015));
        assertThat(total.max()).isCloseTo(micros[4_999], within(micros[4_999] * 0.015));
        assertThat(report("1.0.0").hour().total()).isEqualTo(total);
    }

    @Test
    void errorsAreCountedByKindAndOnlySomeAreFailures() {
        long now = System.nanoTime();
        book.finished(call("1.0.0", null, 10, OK, now));
        book.finished(call("1.0.0", null, 10, failure(ErrorCode.MODULE_FAILED), now));
        book.finished(call("1.0.0", null, 10, failure(ErrorCode.DEADLINE_EXCEEDED), now));
        book.finished(call("1.0.0", null, 10, failure(ErrorCode.INVALID_REQUEST), now));
        UsageReport.Window minute = report("1.0.0").minute();
        assertThat(minute.calls()).isEqualTo(4);
        assertThat(minute.answered()).isEqualTo(1);
        assertThat(minute.errors())
                .containsOnlyKeys(ErrorCode.MODULE_FAILED, ErrorCode.DEADLINE_EXCEEDED, ErrorCode.INVALID_REQUEST);
        assertThat(minute.failed()).isEqualTo(2);
        assertThat(minute.timeouts()).isEqualTo(1);
    }

    @Test
    void theMinuteAndTheHourForgetWhatIsOlder() {
        long start = System.nanoTime();
        RollingUsage usage = new RollingUsage(false, start);
        for (int second = 0; second < 2 * 3_600; second++) {
            usage.add(call("1.0.0", null, 10, OK, at(start, second)));
        }
        long end = at(start, 2 * 3_600);
        assertThat(usage.minute(end).calls()).isBetween(60L, 75L);
        assertThat(usage.hour(end).calls()).isBetween(3_600L, 3_900L);
        assertThat(usage.calls()).isEqualTo(7_200);
        assertThat(usage.minute(at(start, 7_200 + 90)).calls()).isZero();
        assertThat(usage.hour(at(start, 7_200 + 90)).calls()).isPositive();
        assertThat(usage.hour(at(start, 7_200 + 5_000)).calls()).isZero();
        assertThat(usage.lastUsed()).isEqualTo(at(start, 7_199));
    }

    @Test
    void tenantsAreToldApartUpToABound() {
        long now = System.nanoTime();
        for (int i = 0; i < VersionUsage.TENANTS + 50; i++) {
            book.finished(call("1.0.0", "tenant-" + i, 10, OK, now));
        }
        book.finished(call("1.0.0", "tenant-3", 10, OK, now));
        UsageReport report = report("1.0.0");
        assertThat(report.tenants()).hasSize(VersionUsage.TENANTS);
        assertThat(report.untold()).isEqualTo(50);
        assertThat(report.tenants().getFirst().name()).isEqualTo("tenant-3");
        assertThat(report.tenants().getFirst().hour().calls()).isEqualTo(2);
    }

    @Test
    void quietTenantsMakeRoom() {
        long start = System.nanoTime();
        VersionUsage usage = new VersionUsage(start);
        for (int i = 0; i < VersionUsage.TENANTS; i++) {
            usage.add(call("1.0.0", "old-" + i, 10, OK, start));
        }
        usage.add(call("1.0.0", "new", 10, OK, at(start, 3_700)));
        assertThat(usage.tenants()).containsOnlyKeys("new");
    }

    @Test
    void itIsToldWhoIsSlowerAndForWhom() {
        long now = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            book.finished(call("1.0.0", i % 2 == 0 ? "acme" : "globex", 4_000, OK, now));
            book.finished(call("1.1.0", i % 2 == 0 ? "acme" : "globex", i % 2 == 0 ? 9_000 : 4_000, OK, now));
        }
        book.finished(call("1.1.0", null, 10, failure(ErrorCode.DEADLINE_EXCEEDED), now));
        List<String> answers = UsageAnswers.about(report("1.1.0"), report("1.0.0"));
        assertThat(answers)
                .containsExactly(
                        "1.1.0 is timing out: 1 of 101 calls in the last minute",
                        "1.1.0 is slower than 1.0.0: p95 9.0 ms against 4.0 ms in the hour, for acme (9.0 ms against 4.0 ms)");
        assertThat(UsageAnswers.about(report("1.0.0"), null)).isEmpty();
    }

    @Test
    void aVersionThatNobodyCalledIsNotInTheBook() {
        assertThat(book.report()).isEmpty();
        assertThat(book.report(new ModuleKey("score", "9.9.9"))).isEmpty();
    }

    private UsageReport report(String version) {
        return book.report(new ModuleKey("score", version)).orElseThrow();
    }

    private static long at(long start, int second) {
        return start + Duration.ofSeconds(second).toNanos();
    }

    private static Outcome failure(ErrorCode code) {
        return new Outcome.Failure(new InferenceException(code, "no"));
    }

    static CallRecord call(String version, @Nullable String tenant, double micros, Outcome outcome, long ended) {
        long arrived = ended - (long) (micros * 1_000);
        return call(version, tenant, new CallTimings(arrived), arrived, outcome, ended);
    }

    /// A call that waited for its thread and was then inside the module.
    static CallRecord call(String version, double waitedMicros, double insideMicros, long ended) {
        long arrived = ended - (long) ((waitedMicros + insideMicros) * 1_000);
        CallTimings timings =
                CallTimings.of(arrived, 0, (long) (waitedMicros * 1_000), 0, (long) (insideMicros * 1_000), 0, 0);
        return call(version, null, timings, arrived, new Outcome.Answer(new byte[0]), ended);
    }

    private static CallRecord call(
            String version, @Nullable String tenant, CallTimings timings, long arrived, Outcome outcome, long ended) {
        CallContext context = CallContext.incoming("r", tenant, Duration.ofSeconds(1), TraceContext.from(null, null));
        CallContext then = new CallContext(
                "r", tenant, context.mode(), arrived, context.deadline(), context.trace(), List.of(), context.cancel());
        return new CallRecord(
                then,
                "score",
                new Resolution(version, Reason.DEFAULT, null, 1, List.of()),
                outcome,
                timings,
                null,
                ended);
    }
}

package dev.patchbay.server.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.execution.CallContext;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallRecord;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final String CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0";
    private static final Outcome ANSWER = new Outcome.Answer(new byte[0]);

    private final Sampler tenth = new Sampler(new OtlpSettings.Sampling(true, 0.1));

    @Test
    void aShareIsKeptOfWhatBeginsHere() {
        long kept = IntStream.range(0, 20_000)
                .filter(i -> tenth.keeps(call(TraceContext.from(null, null), "1.0.0", ANSWER, 100)))
                .count();
        // four standard deviations are 170
        assertThat(kept).isBetween(1_830L, 2_170L);
    }

    @Test
    void callsOfOneTraceAreOfOneMind() {
        for (int i = 0; i < 200; i++) {
            TraceContext trace = TraceContext.from(null, null);
            assertThat(tenth.keeps(call(trace.child(), "1.0.0", ANSWER, 100)))
                    .isEqualTo(tenth.keeps(call(trace, "1.0.0", ANSWER, 100)));
        }
    }

    @Test
    void theCallersDecisionHolds() {
        Outcome failed = new Outcome.Failure(new InferenceException(ErrorCode.MODULE_FAILED, "it broke"));
        for (int i = 0; i < 100; i++) {
            assertThat(tenth.keeps(call(TraceContext.from(CALLER + "1", null).child(), "1.0.0", ANSWER, 100)))
                    .isTrue();
            assertThat(tenth.keeps(call(TraceContext.from(CALLER + "0", null), "1.0.0", failed, 100)))
                    .isFalse();
        }
        assertThat(tenth.slowest()).isEmpty();
        Sampler deaf = new Sampler(new OtlpSettings.Sampling(false, 1));
        assertThat(deaf.keeps(call(TraceContext.from(CALLER + "0", null), "1.0.0", ANSWER, 100)))
                .isTrue();
    }

    @Test
    void whatIsKeptForSureSaysSoInItsFlags() {
        OtlpSettings.Sampling sampling = new OtlpSettings.Sampling(true, 0.5);
        for (int i = 0; i < 100; i++) {
            TraceContext trace = sampling.decide(TraceContext.from(null, null));
            assertThat(keeps(sampling, trace)).isEqualTo(trace.isSampled());
            assertThat(sampling.decide(trace.child()).flags()).isEqualTo(trace.flags());
        }
        // the caller's other bits stay as they are, and its decision, too, where it is asked
        assertThat(sampling.decide(TraceContext.from(CALLER + "2", null)).flags())
                .isEqualTo("02");
        assertThat(new OtlpSettings.Sampling(false, 1)
                        .decide(TraceContext.from(CALLER + "2", null))
                        .traceparent())
                .endsWith("-03");
        assertThat(new OtlpSettings.Sampling(false, 0)
                        .decide(TraceContext.from(CALLER + "3", null))
                        .traceparent())
                .endsWith("-02");
    }

    private static boolean keeps(OtlpSettings.Sampling sampling, TraceContext trace) {
        return new Sampler(sampling).keeps(call(trace, "1.0.0", ANSWER, 100));
    }

    @Test
    void failuresAreKeptAndTheCallersFaultsAreNot() {
        Sampler rare = new Sampler(new OtlpSettings.Sampling(true, 1e-9));
        for (ErrorCode code : List.of(ErrorCode.MODULE_FAILED, ErrorCode.DEADLINE_EXCEEDED)) {
            assertThat(rare.keeps(failure(code))).isTrue();
        }
        assertThat(rare.keeps(failure(ErrorCode.INVALID_REQUEST))).isFalse();
        Sampler none = new Sampler(new OtlpSettings.Sampling(true, 0));
        assertThat(none.keeps(failure(ErrorCode.MODULE_FAILED))).isFalse();
    }

    @Test
    void theSlowestOfEachVersionIsGivenOnce() {
        Sampler rare = new Sampler(new OtlpSettings.Sampling(true, 1e-9));
        for (int micros : List.of(100, 900, 300)) {
            assertThat(rare.keeps(call(TraceContext.from(null, null), "1.0.0", ANSWER, micros)))
                    .isFalse();
        }
        rare.keeps(call(TraceContext.from(null, null), "2.0.0", ANSWER, 50));
        assertThat(rare.slowest()).extracting(CallRecord::totalNanos).containsExactlyInAnyOrder(900_000L, 50_000L);
        assertThat(rare.slowest()).isEmpty();
    }

    private static CallRecord failure(ErrorCode code) {
        return call(
                TraceContext.from(null, null),
                "1.0.0",
                new Outcome.Failure(new InferenceException(code, "it broke")),
                100);
    }

    private static CallRecord call(TraceContext trace, String version, Outcome outcome, int micros) {
        CallContext context = CallContext.incoming("r1", null, Duration.ofSeconds(1), trace);
        return new CallRecord(
                context,
                "score",
                new Resolution(version, Reason.DEFAULT, null, 1, List.of()),
                outcome,
                new CallTimings(context.arrived()),
                null,
                context.arrived() + micros * 1_000L);
    }
}

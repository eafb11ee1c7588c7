package dev.patchbay.core.usage;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.core.execution.CallTimings;
import dev.patchbay.core.execution.CallTimings.Stage;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.core.telemetry.OutcomeLabel;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;
import org.HdrHistogram.PackedHistogram;
import org.jspecify.annotations.Nullable;

/// What happened in a stretch of time: counts by error code and histograms of durations, whole and by stage. The
/// histograms keep every value within 1 % ([HdrHistogram](https://hdrhistogram.org)) in steps of 100 ns. Not safe for
/// threads.
final class Period {

    /// Durations are kept in these units.
    static final long UNIT_NANOS = 100;

    private static final int DIGITS = 2;
    private static final Stage[] STAGES = Stage.values();
    private static final ErrorCode[] CODES = ErrorCode.values();

    private long answered;
    private final long[] failed = new long[CODES.length];
    private @Nullable AbstractHistogram total;
    private final @Nullable AbstractHistogram[] stages = new AbstractHistogram[STAGES.length];

    void add(CallRecord call, boolean withStages) {
        switch (call.outcome()) {
            case Outcome.Answer _ -> answered++;
            case Outcome.Failure(var error) -> failed[error.code().ordinal()]++;
        }
        if (total == null) {
            total = new IntCountsHistogram(DIGITS);
        }
        total.recordValue(Math.max(0, call.totalNanos()) / UNIT_NANOS);
        if (withStages) {
            CallTimings timings = call.timings();
            for (int i = 0; i < STAGES.length; i++) {
                long nanos = timings.nanos(STAGES[i]);
                if (nanos >= 0) {
                    AbstractHistogram stage = stages[i];
                    if (stage == null) {
                        stage = new IntCountsHistogram(DIGITS);
                        stages[i] = stage;
                    }
                    stage.recordValue(nanos / UNIT_NANOS);
                }
            }
        }
    }

    void add(Period other) {
        answered += other.answered;
        for (int i = 0; i < failed.length; i++) {
            failed[i] += other.failed[i];
        }
        total = sum(total, other.total);
        for (int i = 0; i < stages.length; i++) {
            stages[i] = sum(stages[i], other.stages[i]);
        }
    }

    /// A histogram that only waits to be read keeps just the counts that are not zero.
    private static @Nullable AbstractHistogram sum(@Nullable AbstractHistogram into, @Nullable AbstractHistogram from) {
        if (from == null) {
            return into;
        }
        AbstractHistogram sum = into == null ? new PackedHistogram(DIGITS) : into;
        sum.add(from);
        return sum;
    }

    long calls() {
        long calls = answered;
        for (long count : failed) {
            calls += count;
        }
        return calls;
    }

    long answered() {
        return answered;
    }

    /// Counts the calls that ended without an answer for a reason that is not their caller's.
    long failures() {
        long failures = 0;
        for (ErrorCode code : CODES) {
            if (OutcomeLabel.of(code).isFailure()) {
                failures += failed[code.ordinal()];
            }
        }
        return failures;
    }

    Map<ErrorCode, Long> errors() {
        Map<ErrorCode, Long> errors = new EnumMap<>(ErrorCode.class);
        for (ErrorCode code : CODES) {
            if (failed[code.ordinal()] > 0) {
                errors.put(code, failed[code.ordinal()]);
            }
        }
        return errors;
    }

    Quantiles total() {
        return Quantiles.of(total);
    }

    Map<Stage, Quantiles> stages() {
        Map<Stage, Quantiles> quantiles = new EnumMap<>(Stage.class);
        for (Stage stage : STAGES) {
            if (stages[stage.ordinal()] != null) {
                quantiles.put(stage, Quantiles.of(stages[stage.ordinal()]));
            }
        }
        return quantiles;
    }
}

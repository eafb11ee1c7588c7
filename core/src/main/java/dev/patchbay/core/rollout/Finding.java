package dev.patchbay.core.rollout;

import dev.patchbay.core.statistics.Verdict;
import org.jspecify.annotations.Nullable;

/// What is known about one metric of an experiment.
///
/// @param metric `errors`, `refusals`, `latency`, `sample_ratio`, or the name of an outcome
/// @param judged whether it counts for the verdict on the experiment
/// @param words the finding as a sentence for people
/// @param value `errors` and `refusals`: the e-value; `latency`: the ratio of typical times in the module;
///     `sample_ratio`: the p-value; an outcome: the difference of means
/// @param low where the value's interval begins; for `errors` the interval is of the difference of failure rates
/// @param limit what the value must not cross
public record Finding(
        String metric,
        Verdict verdict,
        boolean judged,
        String words,
        double value,
        @Nullable Double low,
        @Nullable Double high,
        @Nullable Double limit) {}

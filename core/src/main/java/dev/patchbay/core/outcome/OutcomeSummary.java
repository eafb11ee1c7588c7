package dev.patchbay.core.outcome;

import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.statistics.Interval;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One outcome of one version so far.
///
/// @param count how often it was told
/// @param mean the share of yes, or the mean of numbers; null if only labels were told
/// @param interval where the true value lies with 95 % confidence, at one look
/// @param labels label → how often
public record OutcomeSummary(
        ModuleKey key,
        String name,
        long count,
        @Nullable Double mean,
        @Nullable Interval interval,
        Map<String, Long> labels) {}

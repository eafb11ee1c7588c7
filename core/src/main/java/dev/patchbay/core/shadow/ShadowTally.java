package dev.patchbay.core.shadow;

import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.statistics.Moments;
import dev.patchbay.core.statistics.Wilson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Counts how a shadow's answers were, in bounded memory. Safe for threads.
final class ShadowTally {

    private static final int NAMES = 200;
    private static final int PAIRS = 50;
    private static final int PLACES = 10;
    private static final String OTHER = "(other)";
    private static final double[] LIMITS = {0.001, 0.01, 0.1, 0.5};
    private static final String[] DISTANCES = {"up to 0.1 %", "up to 1 %", "up to 10 %", "up to 50 %", "more"};

    private long compared;
    private long agreed;
    private long failed;
    private long answeredAlone;
    /// Counted by callers' own threads, which must not wait.
    private final LongAdder dropped = new LongAdder();
    private final Map<String, Long> errors = new TreeMap<>();
    private final Map<String, Long> fields = new TreeMap<>();
    private final long[] distances = new long[DISTANCES.length];
    private final Map<String, Long> affected = new TreeMap<>();
    private final List<ShadowReport.Pair> pairs = new ArrayList<>();
    private Moments served = Moments.NONE;
    private Moments shadow = Moments.NONE;

    void dropped() {
        dropped.increment();
    }

    synchronized void failed(String code) {
        failed++;
        count(errors, code);
    }

    synchronized void answeredAlone() {
        answeredAlone++;
    }

    synchronized void took(long servedNanos, long shadowNanos) {
        if (servedNanos > 0 && shadowNanos > 0) {
            served = served.plus(Math.log(servedNanos));
            shadow = shadow.plus(Math.log(shadowNanos));
        }
    }

    synchronized void compared(
            List<Difference> differences,
            String requestId,
            @Nullable String tenant,
            String version,
            boolean showsText) {
        compared++;
        if (differences.isEmpty()) {
            agreed++;
            return;
        }
        for (Difference difference : differences) {
            count(fields, difference.path().isEmpty() ? "/" : difference.path());
            double distance = difference.distance();
            if (distance >= 0) {
                int bucket = 0;
                while (bucket < LIMITS.length && distance > LIMITS[bucket]) {
                    bucket++;
                }
                distances[bucket]++;
            }
        }
        if (tenant != null) {
            count(affected, tenant);
        }
        if (pairs.size() < PAIRS) {
            pairs.add(new ShadowReport.Pair(
                    requestId,
                    tenant,
                    version,
                    differences.stream()
                            .limit(PLACES)
                            .map(difference -> new ShadowReport.Place(
                                    difference.path(),
                                    shown(difference.served(), showsText),
                                    shown(difference.shadow(), showsText)))
                            .toList()));
        }
    }

    private static void count(Map<String, Long> names, String name) {
        names.merge(names.containsKey(name) || names.size() < NAMES ? name : OTHER, 1L, Long::sum);
    }

    /// What callers write and models say may be anybody's secret: without leave only its length is kept.
    private static String shown(JsonNode value, boolean showsText) {
        if (value.isMissingNode()) {
            return "nothing";
        }
        if (value.isNumber() || value.isBoolean() || value.isNull()) {
            return value.asString("null");
        }
        if (!showsText) {
            return value.isString()
                    ? "text of %d characters".formatted(value.stringValue().length())
                    : value.isArray() ? "list of " + value.size() : "object";
        }
        String text = value.isString() ? value.stringValue() : value.toString();
        return text.length() <= 200 ? text : text.substring(0, 197) + "...";
    }

    synchronized ShadowReport report(ModuleKey key) {
        Map<String, Long> far = new LinkedHashMap<>();
        for (int i = 0; i < DISTANCES.length; i++) {
            far.put(DISTANCES[i], distances[i]);
        }
        return new ShadowReport(
                key,
                compared,
                agreed,
                Wilson.share(agreed, compared),
                failed,
                answeredAlone,
                dropped.sum(),
                Map.copyOf(errors),
                new TreeMap<>(fields),
                far,
                new TreeMap<>(affected),
                served.count() == 0 ? null : Math.exp(shadow.mean() - served.mean()),
                List.copyOf(pairs));
    }
}

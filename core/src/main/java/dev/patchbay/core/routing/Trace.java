package dev.patchbay.core.routing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes down each step of a decision for people. Deciding with and without one is the same code.
final class Trace {

    private final List<Explanation.Step> steps = new ArrayList<>();
    private @Nullable Double bucket;

    void bucket(long hash) {
        bucket = Share.percent(hash);
    }

    void step(String kind, @Nullable String rule, @Nullable String version, String outcome, @Nullable Share share) {
        steps.add(new Explanation.Step(
                kind,
                rule,
                version,
                outcome,
                bucket,
                share == null ? null : Share.percent(share.from()),
                share == null ? null : Share.percent(share.until()),
                share == null ? null : share.salt(),
                null));
        bucket = null;
    }

    void flag(String key, @Nullable String version, String outcome, @Nullable String detail) {
        steps.add(new Explanation.Step("flag", key, version, outcome, null, null, null, null, detail));
    }

    List<Explanation.Step> steps() {
        return List.copyOf(steps);
    }
}

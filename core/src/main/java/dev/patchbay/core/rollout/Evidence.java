package dev.patchbay.core.rollout;

import dev.patchbay.core.config.GuardConfig;
import dev.patchbay.core.statistics.Moments;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.core.telemetry.OutcomeLabel;
import java.util.HashSet;
import java.util.Set;

/// What calls say about one experiment: taken one by one as they end, handed to the guard each second. Safe for
/// threads: one lock, held for some tens of nanoseconds a call.
final class Evidence {

    /// Failing units that are remembered; when more fail, the version is bad enough to count every failure.
    private static final int FAILED_UNITS = 10_000;

    private final Guard guard;
    private final Tally canary = new Tally();
    private final Tally control = new Tally();
    private final Set<Integer> failedUnits = new HashSet<>();
    private final UnitSample units = new UnitSample();

    Evidence(GuardConfig settings) {
        this.guard = new Guard(settings);
    }

    /// One side, as long as the guard has not seen it.
    private static final class Tally {
        private long calls;
        private long errors;
        private long freshCalls;
        private long freshErrors;
        private long refused;
        private Moments latency = Moments.NONE;

        Guard.Side drain() {
            Guard.Side side = new Guard.Side(calls, errors, freshCalls, freshErrors, refused, latency);
            calls = 0;
            errors = 0;
            freshCalls = 0;
            freshErrors = 0;
            refused = 0;
            latency = Moments.NONE;
            return side;
        }
    }

    /// Takes a call that the experiment looked at.
    ///
    /// @param inCanary whether its unit is in the share
    /// @param compared whether the version of its side answered it; another experiment may have taken it
    synchronized void add(int unit, boolean inCanary, boolean compared, CallRecord call) {
        units.add(unit, inCanary);
        OutcomeLabel outcome = OutcomeLabel.of(call.outcome());
        // an answer that was there already says nothing more about the version that once gave it
        if (!compared || outcome == OutcomeLabel.CANCELLED || call.cache().isShared()) {
            return;
        }
        Tally side = inCanary ? canary : control;
        if (outcome == OutcomeLabel.INVALID) {
            side.refused++;
            return;
        }
        boolean failed = outcome.isFailure();
        side.calls++;
        side.errors += failed ? 1 : 0;
        // one unit whose every call fails says something about the unit: it counts once, on whichever side it is
        if (!failedUnits.contains(unit)) {
            side.freshCalls++;
            if (failed) {
                side.freshErrors++;
                if (failedUnits.size() < FAILED_UNITS) {
                    failedUnits.add(unit);
                }
            }
        }
        long inside = call.timings().insideModule();
        if (!failed && inside > 0) {
            side.latency = side.latency.plus(Math.log(inside));
        }
    }

    synchronized void outcome(String name, double value, boolean ofCanary, boolean higherIsBetter) {
        guard.outcome(name, value, ofCanary, higherIsBetter);
    }

    /// Hands to the guard what came since the last time, and asks it.
    ///
    /// @param share the configured share, from 0 to 1
    synchronized Judgement judge(double share) {
        guard.add(canary.drain(), control.drain());
        guard.split(units.canary(), units.control(), share);
        return guard.judge();
    }

    /// Units may change sides when the share changes: they are counted anew.
    synchronized void shareChanged() {
        units.clear();
    }

    /// The share of units that are in the canary, from 0 to 1, since the configured share last changed; -1 if there
    /// were none.
    synchronized double canaryShare() {
        long all = units.canary() + units.control();
        return all == 0 ? -1 : (double) units.canary() / all;
    }

    synchronized Guard.Side canary() {
        return guard.canary();
    }

    synchronized Guard.Side control() {
        return guard.control();
    }
}

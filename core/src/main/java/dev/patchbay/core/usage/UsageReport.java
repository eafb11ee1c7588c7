package dev.patchbay.core.usage;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.core.execution.CallTimings.Stage;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.telemetry.OutcomeLabel;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// What is known about the use of a version.
///
/// @param calls since the gateway started
/// @param lastUsed when its latest call ended, which may have been before the gateway started
/// @param tenants the busiest first
/// @param untold calls of tenants that are not told apart
public record UsageReport(
        ModuleKey key, long calls, Instant lastUsed, Window minute, Window hour, List<Tenant> tenants, long untold) {

    /// Reports a version that was not called since the gateway started.
    static UsageReport of(ModuleKey key, LastUse before) {
        return new UsageReport(
                key,
                0,
                before.at(),
                Window.NONE,
                Window.NONE,
                before.tenants().entrySet().stream()
                        .map(entry -> Tenant.before(entry.getKey(), entry.getValue()))
                        .sorted(Comparator.comparing(Tenant::lastUsed).reversed())
                        .toList(),
                0);
    }

    /// A stretch of time that ends now.
    ///
    /// @param errors how often each error ended a call
    /// @param total from the arrival of a request to its answer
    public record Window(
            long calls, long answered, Map<ErrorCode, Long> errors, Quantiles total, Map<Stage, Quantiles> stages) {

        static final Window NONE = of(new Period());

        static Window of(Period period) {
            return new Window(period.calls(), period.answered(), period.errors(), period.total(), period.stages());
        }

        /// Counts the calls that ended without an answer for a reason that is not their caller's.
        public long failed() {
            return errors.entrySet().stream()
                    .filter(error -> OutcomeLabel.of(error.getKey()).isFailure())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        /// Counts the calls whose time ran out.
        public long timeouts() {
            return errors.getOrDefault(ErrorCode.DEADLINE_EXCEEDED, 0L);
        }
    }

    /// One tenant's use of the version.
    public record Tenant(String name, long calls, Instant lastUsed, Window minute, Window hour) {

        static Tenant before(String name, Instant lastUsed) {
            return new Tenant(name, 0, lastUsed, Window.NONE, Window.NONE);
        }
    }
}

package dev.patchbay.core.registry;

import java.time.Instant;

/// Where a version is in its life. Whether traffic goes to it is a fact of routing, not a state.
///
/// `Discovered → Loading → Warming → Ready → Draining → Gone`; from the first three also to `Failed`, from
/// `Draining` to `Quarantined` when calls inside cannot be ended; from `Ready` to `Unreachable` and back.
public sealed interface ModuleState {

    /// When the state began.
    Instant since();

    /// The state's name in lower case, as shown to people and scripts.
    default String label() {
        return switch (this) {
            case Discovered _ -> "discovered";
            case Loading _ -> "loading";
            case Warming _ -> "warming";
            case Ready _ -> "ready";
            case Unreachable _ -> "unreachable";
            case Draining _ -> "draining";
            case Quarantined _ -> "quarantined";
            case Gone _ -> "gone";
            case Failed _ -> "failed";
        };
    }

    /// Tells whether an instance is loaded and warm, whether or not rules send calls to it now.
    default boolean isLoaded() {
        return this instanceof Ready || this instanceof Unreachable;
    }

    /// The artifact is complete and its descriptor was read.
    record Discovered(Instant since) implements ModuleState {}

    /// Classes, models and the module's own `load`.
    record Loading(Instant since) implements ModuleState {}

    /// First calls; the baseline is measured.
    record Warming(Instant since) implements ModuleState {}

    /// Addressable; gets calls as routing says.
    record Ready(Instant since) implements ModuleState {}

    /// Loaded and warm, but something outside the gateway is gone without which it cannot answer. Rules pass it by.
    ///
    /// @param cause what is gone
    record Unreachable(Instant since, String cause) implements ModuleState {}

    /// Takes no new calls; waits for the calls inside.
    record Draining(Instant since) implements ModuleState {}

    /// Takes no new calls and is not torn down, because calls inside did not end in time.
    record Quarantined(Instant since, String cause) implements ModuleState {}

    /// Torn down and unloaded.
    record Gone(Instant since) implements ModuleState {}

    /// Never became ready.
    ///
    /// @param stage what was being done: `read`, `load`, `warmup`, …
    /// @param cause what an operator needs to know to act
    record Failed(Instant since, String stage, String cause) implements ModuleState {}
}

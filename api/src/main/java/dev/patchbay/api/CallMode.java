package dev.patchbay.api;

/// Why a module is called.
public enum CallMode {
    /// A caller waits for the answer.
    LIVE,
    /// The answer is only compared with that of the version that serves; nothing outside may be changed.
    SHADOW,
    /// The version is being warmed up; nothing outside may be changed.
    WARMUP
}

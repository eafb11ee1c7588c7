package dev.patchbay.core.routing;

/// Why a version was chosen.
public enum Reason {
    /// The caller asked for it.
    PINNED,
    /// A rule names the caller's tenant.
    TENANT,
    /// The caller's unit is in an experiment's share.
    SPLIT,
    /// The task's flag names it.
    FLAG,
    /// No rule chose another.
    DEFAULT,
    /// Whoever was chosen before failed.
    FALLBACK
}

package dev.patchbay.core.usage;

/// How often a version is called.
///
/// @param calls since the gateway started
/// @param minute in the last minute
/// @param failed those of the last minute that ended without an answer for a reason that is not their caller's
public record UsagePulse(long calls, long minute, long failed) {

    /// Nobody calls.
    public static final UsagePulse NONE = new UsagePulse(0, 0, 0);
}

package dev.patchbay.core.outcome;

/// What was done with feedback.
///
/// @param counted false if the same was told before: the first word counts
/// @param version the version that gave the answer
public record Joined(boolean counted, String task, String version) {}

package dev.patchbay.testkit.conformance;

/// A rule and how it is checked.
///
/// @param body ends well if the rule is kept
record Check(Rule rule, Runnable body) {}

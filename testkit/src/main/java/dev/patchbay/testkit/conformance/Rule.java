package dev.patchbay.testkit.conformance;

/// A rule of the protocol.
///
/// @param id stable
/// @param says what a server does, in a sentence
/// @param source where the protocol says so
/// @param required whether the protocol demands it; otherwise its clients expect it
public record Rule(String id, String says, String source, boolean required) {}

package dev.patchbay.core.golden;

import tools.jackson.databind.JsonNode;

/// A place at which an answer is not what a case expects.
///
/// @param path JSON Pointer into the answer
/// @param place JSON Pointer into the expectation
/// @param text what must be and what is, to be read after the path
/// @param actual what the answer has there; missing if it has nothing
/// @param isValue whether the expectation is a value, which a new recording may replace, rather than a rule that
///     somebody thought about
public record Mismatch(String path, String place, String text, JsonNode actual, boolean isValue) {

    @Override
    public String toString() {
        return (path.isEmpty() ? "the answer" : path) + " " + text;
    }
}

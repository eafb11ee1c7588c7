package dev.patchbay.core.shadow;

import tools.jackson.databind.JsonNode;

/// One place in which two answers differ.
///
/// @param path JSON Pointer, with `*` for the entries of lists
/// @param served what the caller got; missing if it is not there
/// @param shadow what the shadow answered; missing if it is not there
record Difference(String path, JsonNode served, JsonNode shadow) {

    /// How far two numbers are apart, as a ratio of the larger; -1 if they are not two numbers.
    double distance() {
        return served.isNumber() && shadow.isNumber()
                ? AnswerComparison.distance(served.doubleValue(), shadow.doubleValue())
                : -1;
    }
}

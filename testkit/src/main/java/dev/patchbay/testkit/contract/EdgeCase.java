package dev.patchbay.testkit.contract;

import tools.jackson.databind.JsonNode;

/// A request at the edge of what a schema allows, or just beyond it.
///
/// @param name what is special about it, to follow `takes` or `refuses`
record EdgeCase(String name, JsonNode request, Expected expected) {

    /// What must become of it.
    sealed interface Expected {

        /// The schema allows it: it is answered, or refused by the module itself with words for the caller.
        record Taken() implements Expected {}

        /// The schema forbids it: it is refused with this path.
        record Refused(String path) implements Expected {}
    }
}

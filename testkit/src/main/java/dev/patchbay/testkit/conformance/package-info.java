/// Holds any server to the [Open Inference Protocol v2](https://github.com/kserve/open-inference-protocol) over REST:
/// every rule a named check with the place in the protocol's text it comes from.
/// [dev.patchbay.testkit.conformance.Conformance] is the front door.
@NullMarked
package dev.patchbay.testkit.conformance;

import org.jspecify.annotations.NullMarked;

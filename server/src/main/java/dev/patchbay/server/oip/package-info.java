/// The [Open Inference Protocol v2](https://github.com/kserve/open-inference-protocol) over tasks: a "model" is a
/// task, a "model version" one of its versions. [dev.patchbay.server.oip.OipRoutes] is the front door.
@NullMarked
package dev.patchbay.server.oip;

import org.jspecify.annotations.NullMarked;

/// What the forms of one call cost: JSON, the Open Inference Protocol in JSON, in bytes and over gRPC.
@NullMarked
package dev.patchbay.bench.oip;

import org.jspecify.annotations.NullMarked;

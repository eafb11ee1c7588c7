/// Tensors as the Open Inference Protocol writes them: as JSON, as bytes, and in its messages over gRPC. For both
/// sides of the protocol: who serves it and who asks others by it.
@NullMarked
package dev.patchbay.oip.tensor;

import org.jspecify.annotations.NullMarked;

/// Runs ONNX models with ONNX Runtime, whose native library is loaded once, by the host.
@NullMarked
package dev.patchbay.runtime.onnx;

import org.jspecify.annotations.NullMarked;

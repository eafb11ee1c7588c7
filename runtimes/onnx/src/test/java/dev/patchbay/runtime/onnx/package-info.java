@NullMarked
package dev.patchbay.runtime.onnx;

import org.jspecify.annotations.NullMarked;

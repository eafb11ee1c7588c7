/// The way between JSON and tensors, and modules made of a model file alone.
@NullMarked
package dev.patchbay.core.tensor;

import org.jspecify.annotations.NullMarked;

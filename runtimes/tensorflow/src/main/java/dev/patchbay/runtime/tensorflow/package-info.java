/// Runs TensorFlow SavedModels with TensorFlow, whose native libraries are loaded once, by the host.
@NullMarked
package dev.patchbay.runtime.tensorflow;

import org.jspecify.annotations.NullMarked;

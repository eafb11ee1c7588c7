@NullMarked
package dev.patchbay.runtime.tensorflow;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.core.tensor;

import org.jspecify.annotations.NullMarked;

/// Measures servers beside each other: the same model, the same calls, in turns.
@NullMarked
package dev.patchbay.bench.compare;

import org.jspecify.annotations.NullMarked;

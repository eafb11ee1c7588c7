/// Answers that are given again, and calls that share one.
@NullMarked
package dev.patchbay.core.cache;

import org.jspecify.annotations.NullMarked;

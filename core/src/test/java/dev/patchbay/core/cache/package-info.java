/// Answers that are given again.
@NullMarked
package dev.patchbay.core.cache;

import org.jspecify.annotations.NullMarked;

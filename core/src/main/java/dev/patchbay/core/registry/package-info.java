/// Which module instances there are, in which state, and the count of calls inside each.
@NullMarked
package dev.patchbay.core.registry;

import org.jspecify.annotations.NullMarked;

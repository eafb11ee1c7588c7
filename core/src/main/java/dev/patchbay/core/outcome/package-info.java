/// What callers tell about answers afterwards, joined to the version that gave them.
@NullMarked
package dev.patchbay.core.outcome;

import org.jspecify.annotations.NullMarked;

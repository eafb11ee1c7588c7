/// Who uses which version, how long it takes and how it fails: exact counts and quantiles of the last minute and hour.
@NullMarked
package dev.patchbay.core.usage;

import org.jspecify.annotations.NullMarked;

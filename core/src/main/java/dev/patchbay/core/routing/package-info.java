/// Which version answers a call, and why.
@NullMarked
package dev.patchbay.core.routing;

import org.jspecify.annotations.NullMarked;

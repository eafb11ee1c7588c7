@NullMarked
package dev.patchbay.core.routing;

import org.jspecify.annotations.NullMarked;

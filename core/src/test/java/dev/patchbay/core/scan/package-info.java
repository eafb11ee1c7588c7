@NullMarked
package dev.patchbay.core.scan;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.core.leak;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.core.shadow;

import org.jspecify.annotations.NullMarked;

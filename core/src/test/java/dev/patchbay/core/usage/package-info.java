@NullMarked
package dev.patchbay.core.usage;

import org.jspecify.annotations.NullMarked;

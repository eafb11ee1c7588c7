@NullMarked
package dev.patchbay.core.golden;

import org.jspecify.annotations.NullMarked;

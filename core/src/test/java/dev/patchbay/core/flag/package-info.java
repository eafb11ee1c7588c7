@NullMarked
package dev.patchbay.core.flag;

import org.jspecify.annotations.NullMarked;

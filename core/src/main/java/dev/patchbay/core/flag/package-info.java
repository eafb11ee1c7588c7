/// Flags of other systems, asked without harm to those who wait.
@NullMarked
package dev.patchbay.core.flag;

import org.jspecify.annotations.NullMarked;

/// Sees to it that the class loaders of retired modules die, and names what holds those that do not.
@NullMarked
package dev.patchbay.core.leak;

import org.jspecify.annotations.NullMarked;

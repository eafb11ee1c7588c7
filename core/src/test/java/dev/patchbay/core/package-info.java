@NullMarked
package dev.patchbay.core;

import org.jspecify.annotations.NullMarked;

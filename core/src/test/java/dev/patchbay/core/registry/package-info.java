@NullMarked
package dev.patchbay.core.registry;

import org.jspecify.annotations.NullMarked;

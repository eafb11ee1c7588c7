@NullMarked
package dev.patchbay.core.deploy;

import org.jspecify.annotations.NullMarked;

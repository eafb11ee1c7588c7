@NullMarked
package dev.patchbay.core.execution;

import org.jspecify.annotations.NullMarked;

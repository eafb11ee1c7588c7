@NullMarked
package dev.patchbay.core.statistics;

import org.jspecify.annotations.NullMarked;

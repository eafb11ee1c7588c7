@NullMarked
package dev.patchbay.cli;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.runtime.torchscript;

import org.jspecify.annotations.NullMarked;

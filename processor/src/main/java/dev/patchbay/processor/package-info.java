/// Writes what an artifact says about its module while the module is compiled.
@NullMarked
package dev.patchbay.processor;

import org.jspecify.annotations.NullMarked;

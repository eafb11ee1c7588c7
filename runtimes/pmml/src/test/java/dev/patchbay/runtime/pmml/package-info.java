@NullMarked
package dev.patchbay.runtime.pmml;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.processor;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.llm.guard;

import org.jspecify.annotations.NullMarked;

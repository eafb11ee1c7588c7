@NullMarked
package dev.patchbay.llm.wire;

import org.jspecify.annotations.NullMarked;

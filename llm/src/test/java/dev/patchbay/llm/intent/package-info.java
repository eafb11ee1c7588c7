@NullMarked
package dev.patchbay.llm.intent;

import org.jspecify.annotations.NullMarked;

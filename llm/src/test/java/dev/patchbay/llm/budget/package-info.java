@NullMarked
package dev.patchbay.llm.budget;

import org.jspecify.annotations.NullMarked;

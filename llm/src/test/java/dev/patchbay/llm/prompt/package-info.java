/// Targets of models, and who is asked when.
@NullMarked
package dev.patchbay.llm.prompt;

import org.jspecify.annotations.NullMarked;

/// Targets of models, and who is asked when.
@NullMarked
package dev.patchbay.llm.model;

import org.jspecify.annotations.NullMarked;

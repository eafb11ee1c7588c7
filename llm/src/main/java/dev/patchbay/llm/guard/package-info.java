/// Rails: what may go to a model, and what may come back from it.
@NullMarked
package dev.patchbay.llm.guard;

import org.jspecify.annotations.NullMarked;

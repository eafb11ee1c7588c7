/// What is written down about calls to models.
@NullMarked
package dev.patchbay.llm.journal;

import org.jspecify.annotations.NullMarked;

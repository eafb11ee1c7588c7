/// One task that finds out what somebody wants and asks the task that does it.
@NullMarked
package dev.patchbay.llm.intent;

import org.jspecify.annotations.NullMarked;

/// Tokens and money: what a call may use up, and what it did.
@NullMarked
package dev.patchbay.llm.budget;

import org.jspecify.annotations.NullMarked;

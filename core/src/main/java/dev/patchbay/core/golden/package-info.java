/// Cases with known outcomes: a request, and what must hold of the answer.
@NullMarked
package dev.patchbay.core.golden;

import org.jspecify.annotations.NullMarked;

/// Cases in files: a request, and what must hold of the answer.
@NullMarked
package dev.patchbay.testkit.golden;

import org.jspecify.annotations.NullMarked;

/// All checks of one module together.
@NullMarked
package dev.patchbay.testkit.suite;

import org.jspecify.annotations.NullMarked;

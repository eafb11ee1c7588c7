/// Whether any answer breaks a rule that holds for all of them.
@NullMarked
package dev.patchbay.testkit.rules;

import org.jspecify.annotations.NullMarked;

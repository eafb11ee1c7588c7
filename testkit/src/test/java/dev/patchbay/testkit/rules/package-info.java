@NullMarked
package dev.patchbay.testkit.rules;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.testkit.golden;

import org.jspecify.annotations.NullMarked;

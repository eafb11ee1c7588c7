@NullMarked
package dev.patchbay.testkit.leak;

import org.jspecify.annotations.NullMarked;

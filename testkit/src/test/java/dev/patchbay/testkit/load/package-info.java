@NullMarked
package dev.patchbay.testkit.load;

import org.jspecify.annotations.NullMarked;

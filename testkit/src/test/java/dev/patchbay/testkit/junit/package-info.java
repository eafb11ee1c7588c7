@NullMarked
package dev.patchbay.testkit.junit;

import org.jspecify.annotations.NullMarked;

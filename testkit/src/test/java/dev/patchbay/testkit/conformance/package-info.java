@NullMarked
package dev.patchbay.testkit.conformance;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.testkit;

import org.jspecify.annotations.NullMarked;

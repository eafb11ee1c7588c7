@NullMarked
package dev.patchbay.testkit.authors;

import org.jspecify.annotations.NullMarked;

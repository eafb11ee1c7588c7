@NullMarked
package dev.patchbay.testkit.docs;

import org.jspecify.annotations.NullMarked;

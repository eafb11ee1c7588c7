/// Whether a module that is loaded and retired again and again leaves anything behind.
@NullMarked
package dev.patchbay.testkit.leak;

import org.jspecify.annotations.NullMarked;

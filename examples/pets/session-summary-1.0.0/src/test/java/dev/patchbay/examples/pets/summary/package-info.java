@NullMarked
package dev.patchbay.examples.pets.summary;

import org.jspecify.annotations.NullMarked;

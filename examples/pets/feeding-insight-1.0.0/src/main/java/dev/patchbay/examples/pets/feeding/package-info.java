/// Whether a pet eats as it always did.
@NullMarked
package dev.patchbay.examples.pets.feeding;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.examples.pets.feeding;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.examples.pets.behavior;

import org.jspecify.annotations.NullMarked;

/// How restless a pet was, version 3.1.0.
@NullMarked
package dev.patchbay.examples.pets.behavior;

import org.jspecify.annotations.NullMarked;

/// How restless a pet was, version 2.9.1.
@NullMarked
package dev.patchbay.examples.pets.behavior;

import org.jspecify.annotations.NullMarked;

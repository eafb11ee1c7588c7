/// Whether there is something to tell the owner.
@NullMarked
package dev.patchbay.examples.pets.nudge;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.examples.pets.nudge;

import org.jspecify.annotations.NullMarked;

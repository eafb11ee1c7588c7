@NullMarked
package dev.patchbay.examples.pets;

import org.jspecify.annotations.NullMarked;

/// What a collar records, and what can be measured in it.
@NullMarked
package dev.patchbay.examples.pets.collar;

import org.jspecify.annotations.NullMarked;

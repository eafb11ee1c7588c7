/// A carer's visit in a few sentences.
@NullMarked
package dev.patchbay.examples.pets.summary;

import org.jspecify.annotations.NullMarked;

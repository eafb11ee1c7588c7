/// The same model in every format gives the same numbers, and may be changed under load.
@NullMarked
package dev.patchbay.agreement;

import org.jspecify.annotations.NullMarked;

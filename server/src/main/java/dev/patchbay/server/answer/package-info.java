/// The forms that answers and errors have on the wire.
@NullMarked
package dev.patchbay.server.answer;

import org.jspecify.annotations.NullMarked;

/// Who may ask, and how often.
@NullMarked
package dev.patchbay.core.access;

import org.jspecify.annotations.NullMarked;

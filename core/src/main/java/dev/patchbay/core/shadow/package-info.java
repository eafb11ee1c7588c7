/// Versions that are asked what callers ask others: never in their way, and compared with what they got.
@NullMarked
package dev.patchbay.core.shadow;

import org.jspecify.annotations.NullMarked;

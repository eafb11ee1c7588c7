/// Experiments while they run: what is known about them, when they go on, and when they end.
@NullMarked
package dev.patchbay.core.rollout;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.core.rollout;

import org.jspecify.annotations.NullMarked;

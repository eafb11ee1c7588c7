/// How an artifact becomes a ready version and how a version goes away.
@NullMarked
package dev.patchbay.core.deploy;

import org.jspecify.annotations.NullMarked;

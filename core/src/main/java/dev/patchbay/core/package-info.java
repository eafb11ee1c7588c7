/// The gateway without a network: the life of a request.
@NullMarked
package dev.patchbay.core;

import org.jspecify.annotations.NullMarked;

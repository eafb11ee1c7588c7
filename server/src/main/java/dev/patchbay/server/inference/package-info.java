/// The way of a call in and its answer out over HTTP.
@NullMarked
package dev.patchbay.server.inference;

import org.jspecify.annotations.NullMarked;

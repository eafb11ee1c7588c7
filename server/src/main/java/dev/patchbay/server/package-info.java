/// The gateway on a network: what listens, what is wired to what, and how it ends.
@NullMarked
package dev.patchbay.server;

import org.jspecify.annotations.NullMarked;

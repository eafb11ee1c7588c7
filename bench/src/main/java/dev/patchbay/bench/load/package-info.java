/// Puts load on an HTTP server from a JVM of its own and says what came back.
@NullMarked
package dev.patchbay.bench.load;

import org.jspecify.annotations.NullMarked;

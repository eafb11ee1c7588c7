/// The gateway's metrics as sinks outside get them.
@NullMarked
package dev.patchbay.server.sink;

import org.jspecify.annotations.NullMarked;

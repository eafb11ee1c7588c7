/// The web console: files that a browser makes pages of, with data from the operator's API.
@NullMarked
package dev.patchbay.server.console;

import org.jspecify.annotations.NullMarked;

/// What operators see and change, on a port of its own.
@NullMarked
package dev.patchbay.server.admin;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.server.oip;

import org.jspecify.annotations.NullMarked;

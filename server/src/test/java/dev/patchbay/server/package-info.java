@NullMarked
package dev.patchbay.server;

import org.jspecify.annotations.NullMarked;

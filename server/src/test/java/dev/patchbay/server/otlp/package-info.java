@NullMarked
package dev.patchbay.server.otlp;

import org.jspecify.annotations.NullMarked;

/// Reads an artifact's byte code before any of it runs, and names habits that make trouble inside a shared process.
@NullMarked
package dev.patchbay.core.scan;

import org.jspecify.annotations.NullMarked;

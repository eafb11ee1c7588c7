@NullMarked
package dev.patchbay.maven;

import org.jspecify.annotations.NullMarked;

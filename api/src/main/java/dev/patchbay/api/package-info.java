/// What a module author compiles against.
@NullMarked
package dev.patchbay.api;

import org.jspecify.annotations.NullMarked;

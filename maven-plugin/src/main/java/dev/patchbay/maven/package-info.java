/// Goals for authors of modules. They gather what the build knows and run the `patchbay` command.
@NullMarked
package dev.patchbay.maven;

import org.jspecify.annotations.NullMarked;

/// Module projects: made from a template, found, compiled.
@NullMarked
package dev.patchbay.testkit.project;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.testkit.project;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.testkit.report;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.patchbay.testkit.contract;

import org.jspecify.annotations.NullMarked;

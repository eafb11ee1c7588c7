/// Whether a module keeps what its schemas promise, and whether a new version keeps what the last one promised.
@NullMarked
package dev.patchbay.testkit.contract;

import org.jspecify.annotations.NullMarked;

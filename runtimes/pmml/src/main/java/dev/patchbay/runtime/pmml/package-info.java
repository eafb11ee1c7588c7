/// Runs PMML models with PMML4S, in Java alone.
@NullMarked
package dev.patchbay.runtime.pmml;

import org.jspecify.annotations.NullMarked;

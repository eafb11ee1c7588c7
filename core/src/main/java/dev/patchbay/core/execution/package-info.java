/// How a call runs inside a version: lanes, limits, deadlines, circuit.
@NullMarked
package dev.patchbay.core.execution;

import org.jspecify.annotations.NullMarked;

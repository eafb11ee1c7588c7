/// What a task that gets more calls than it can answer costs another one.
@NullMarked
package dev.patchbay.bench.overload;

import org.jspecify.annotations.NullMarked;

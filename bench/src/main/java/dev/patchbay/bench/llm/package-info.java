/// What a gateway in front of a model costs.
@NullMarked
package dev.patchbay.bench.llm;

import org.jspecify.annotations.NullMarked;

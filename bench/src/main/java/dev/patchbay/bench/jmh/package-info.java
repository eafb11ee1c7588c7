/// JMH benchmarks of single steps of a request.
@NullMarked
package dev.patchbay.bench.jmh;

import org.jspecify.annotations.NullMarked;

/// What Patchbay is measured beside: the same stack without a gateway, and the model without a server.
@NullMarked
package dev.patchbay.bench.peer;

import org.jspecify.annotations.NullMarked;

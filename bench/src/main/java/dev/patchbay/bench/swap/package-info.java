/// Changes versions under load and looks at what callers and the process notice of it.
@NullMarked
package dev.patchbay.bench.swap;

import org.jspecify.annotations.NullMarked;

/// JSON Schema checks and the way between JSON and a module's records.
@NullMarked
package dev.patchbay.core.schema;

import org.jspecify.annotations.NullMarked;

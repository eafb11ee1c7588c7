@NullMarked
package dev.patchbay.core.schema;

import org.jspecify.annotations.NullMarked;

/// What is measured and written down about calls and versions.
@NullMarked
package dev.patchbay.core.telemetry;

import org.jspecify.annotations.NullMarked;

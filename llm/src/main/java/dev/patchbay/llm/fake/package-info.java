/// A provider on loopback that answers as it is told, faults included: for tests and for trying things out offline.
@NullMarked
package dev.patchbay.llm.fake;

import org.jspecify.annotations.NullMarked;

/// The wire formats of the providers, spoken over the JDK's HTTP client.
@NullMarked
package dev.patchbay.llm.wire;

import org.jspecify.annotations.NullMarked;

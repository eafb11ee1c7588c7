@NullMarked
package dev.patchbay.bridge.langchain4j;

import org.jspecify.annotations.NullMarked;

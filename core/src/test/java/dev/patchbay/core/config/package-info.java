@NullMarked
package dev.patchbay.core.config;

import org.jspecify.annotations.NullMarked;

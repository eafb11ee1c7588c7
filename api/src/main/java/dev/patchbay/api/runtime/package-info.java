/// What a model engine implements so that the gateway can run models in its format.
@NullMarked
package dev.patchbay.api.runtime;

import org.jspecify.annotations.NullMarked;

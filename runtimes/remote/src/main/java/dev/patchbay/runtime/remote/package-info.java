/// Modules whose model is served elsewhere: by servers of the Open Inference Protocol, by TensorFlow Serving, or by
/// any service that speaks JSON over HTTP.
@NullMarked
package dev.patchbay.runtime.remote;

import org.jspecify.annotations.NullMarked;

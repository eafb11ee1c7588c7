/// Metrics and traces for an [OpenTelemetry collector](https://opentelemetry.io/docs/collector/), by
/// [OTLP](https://opentelemetry.io/docs/specs/otlp/) over HTTP in its JSON encoding.
@NullMarked
package dev.patchbay.server.otlp;

import org.jspecify.annotations.NullMarked;

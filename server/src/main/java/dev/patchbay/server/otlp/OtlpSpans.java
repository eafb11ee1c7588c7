package dev.patchbay.server.otlp;

import dev.patchbay.core.execution.CallTimings.Stage;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.routing.Placement;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.core.telemetry.OutcomeLabel;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes finished calls as spans: one for the call, with the id that what it called was told as its parent, and one
/// below it for each stage. The choice of a version is an event by the conventions for
/// [feature flags](https://opentelemetry.io/docs/specs/semconv/feature-flags/feature-flags-events/), so that whatever
/// reads those reads our experiments. Used by one thread.
final class OtlpSpans {

    private static final int INTERNAL = 1;
    private static final int SERVER = 2;
    private static final int ERROR = 2;

    private final long epoch;
    private final SplittableRandom ids = new SplittableRandom();

    /// @param epoch the nanoseconds since 1970 at which [System#nanoTime] was 0
    OtlpSpans(long epoch) {
        this.epoch = epoch;
    }

    void write(CallRecord call, ArrayNode into) {
        TraceContext trace = call.context().trace();
        ObjectNode span = span(into, trace, trace.spanId(), "inference " + call.task(), SERVER);
        if (trace.parentId() != null) {
            span.put("parentSpanId", trace.parentId());
        }
        time(span, "startTimeUnixNano", call.context().arrived());
        time(span, "endTimeUnixNano", call.endedNanos());
        Attributes attributes = new Attributes(span)
                .put("patchbay.task.name", call.task())
                .put("patchbay.request.id", call.context().requestId());
        Resolution resolution = call.resolution();
        if (resolution != null) {
            attributes
                    .put("patchbay.task.version", resolution.version())
                    .put("patchbay.route.reason", resolution.reason().name().toLowerCase(Locale.ROOT))
                    .put("patchbay.revision", resolution.revision());
            if (resolution.rule() != null) {
                attributes.put("patchbay.experiment.id", resolution.rule());
            }
            evaluation(span, call, resolution);
        }
        if (call.outcome() instanceof Outcome.Failure(var error)) {
            attributes.put("error.type", error.code().id());
            if (OutcomeLabel.of(error.code()).isFailure()) {
                span.putObject("status").put("code", ERROR).put("message", String.valueOf(error.getMessage()));
            }
        }
        stages(call, into);
    }

    private void evaluation(ObjectNode span, CallRecord call, Resolution resolution) {
        ObjectNode event = span.putArray("events").addObject();
        time(event, "timeUnixNano", call.context().arrived());
        event.put("name", "feature_flag.evaluation");
        Attributes attributes = new Attributes(event)
                .put("feature_flag.key", call.task())
                .put("feature_flag.provider.name", "patchbay")
                .put("feature_flag.result.variant", resolution.version())
                .put("feature_flag.result.reason", reason(resolution.reason()))
                .put("feature_flag.version", Long.toString(resolution.revision()));
        for (Placement placement : resolution.placements()) {
            if (placement.rule().equals(resolution.rule())) {
                attributes.put("feature_flag.context.id", Integer.toHexString(placement.unit()));
            }
        }
    }

    private static String reason(Reason reason) {
        return switch (reason) {
            case PINNED -> "static";
            case TENANT -> "targeting_match";
            case SPLIT -> "split";
            case DEFAULT, FALLBACK -> "default";
        };
    }

    /// Stages are laid one after the other: reading the body, a few microseconds before the queue, is told with
    /// decoding after it.
    private void stages(CallRecord call, ArrayNode into) {
        TraceContext trace = call.context().trace();
        long from = call.context().arrived();
        for (Stage stage :
                List.of(Stage.QUEUE, Stage.DECODE, Stage.PREPROCESS, Stage.MODEL, Stage.POSTPROCESS, Stage.ENCODE)) {
            long nanos = call.timings().nanos(stage);
            if (nanos > 0) {
                ObjectNode span = span(into, trace, id(), stage.name().toLowerCase(Locale.ROOT), INTERNAL);
                span.put("parentSpanId", trace.spanId());
                time(span, "startTimeUnixNano", from);
                time(span, "endTimeUnixNano", from + nanos);
                new Attributes(span).put("patchbay.stage", stage.name().toLowerCase(Locale.ROOT));
                from += nanos;
            }
        }
    }

    private static ObjectNode span(ArrayNode into, TraceContext trace, String id, String name, int kind) {
        return into.addObject()
                .put("traceId", trace.traceId())
                .put("spanId", id)
                .put("name", name)
                .put("kind", kind);
    }

    private void time(ObjectNode node, String field, long nanos) {
        node.put(field, Long.toString(epoch + nanos));
    }

    private String id() {
        return "%016x".formatted(ids.nextLong() | 1);
    }
}

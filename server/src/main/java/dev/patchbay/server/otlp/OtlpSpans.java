package dev.patchbay.server.otlp;

import dev.patchbay.core.execution.CallTimings.Stage;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.routing.Placement;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.core.telemetry.OutcomeLabel;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes finished calls as spans: one for the call, with the id that what it called was told as its parent, and one
/// below it for each stage. The choice of a version is an event by the conventions for
/// [feature flags](https://opentelemetry.io/docs/specs/semconv/feature-flags/feature-flags-events/), so that whatever
/// reads those reads our experiments. Used by one thread.
final class OtlpSpans {

    private static final int INTERNAL = 1;
    private static final int SERVER = 2;
    private static final int ERROR = 2;
    private static final List<Stage> IN_ORDER =
            List.of(Stage.QUEUE, Stage.DECODE, Stage.PREPROCESS, Stage.MODEL, Stage.POSTPROCESS, Stage.ENCODE);

    private final long epoch;
    private final SplittableRandom ids = new SplittableRandom();

    /// @param epoch the nanoseconds since 1970 at which [System#nanoTime] was 0
    OtlpSpans(long epoch) {
        this.epoch = epoch;
    }

    /// Writes the spans of a call into an open list. As text and not as a tree: a busy gateway writes tens of thousands
    /// of
    /// spans a second.
    void write(CallRecord call, JsonGenerator out) {
        TraceContext trace = call.context().trace();
        begin(out, trace, trace.spanId(), "inference " + call.task(), SERVER, trace.parentId());
        time(out, "startTimeUnixNano", call.context().arrived());
        time(out, "endTimeUnixNano", call.endedNanos());
        out.writeArrayPropertyStart("attributes");
        attribute(out, "patchbay.task.name", call.task());
        attribute(out, "patchbay.request.id", call.context().requestId());
        Resolution resolution = call.resolution();
        if (resolution != null) {
            attribute(out, "patchbay.task.version", resolution.version());
            attribute(out, "patchbay.route.reason", lower(resolution.reason()));
            number(out, "patchbay.revision", resolution.revision());
            if (resolution.rule() != null) {
                attribute(out, "patchbay.experiment.id", resolution.rule());
            }
        }
        if (call.outcome() instanceof Outcome.Failure(var error)) {
            attribute(out, "error.type", error.code().id());
        }
        out.writeEndArray();
        if (resolution != null) {
            evaluation(out, call, resolution);
        }
        if (call.outcome() instanceof Outcome.Failure(var error)
                && OutcomeLabel.of(error.code()).isFailure()) {
            out.writeObjectPropertyStart("status");
            out.writeNumberProperty("code", ERROR);
            out.writeStringProperty("message", String.valueOf(error.getMessage()));
            out.writeEndObject();
        }
        out.writeEndObject();
        stages(call, out);
    }

    private void evaluation(JsonGenerator out, CallRecord call, Resolution resolution) {
        out.writeArrayPropertyStart("events");
        out.writeStartObject();
        time(out, "timeUnixNano", call.context().arrived());
        out.writeStringProperty("name", "feature_flag.evaluation");
        out.writeArrayPropertyStart("attributes");
        attribute(out, "feature_flag.key", call.task());
        attribute(out, "feature_flag.provider.name", "patchbay");
        attribute(out, "feature_flag.result.variant", resolution.version());
        attribute(out, "feature_flag.result.reason", reason(resolution.reason()));
        attribute(out, "feature_flag.version", Long.toString(resolution.revision()));
        for (Placement placement : resolution.placements()) {
            if (placement.rule().equals(resolution.rule())) {
                attribute(out, "feature_flag.context.id", Integer.toHexString(placement.unit()));
            }
        }
        out.writeEndArray();
        out.writeEndObject();
        out.writeEndArray();
    }

    private static String reason(Reason reason) {
        return switch (reason) {
            case PINNED -> "static";
            case TENANT, FLAG -> "targeting_match";
            case SPLIT -> "split";
            case DEFAULT, FALLBACK -> "default";
        };
    }

    /// Stages are laid one after the other: reading the body, a few microseconds before the queue, is told with
    /// decoding after it.
    private void stages(CallRecord call, JsonGenerator out) {
        TraceContext trace = call.context().trace();
        long from = call.context().arrived();
        for (Stage stage : IN_ORDER) {
            long nanos = call.timings().nanos(stage);
            if (nanos > 0) {
                String id = HexFormat.of().toHexDigits(ids.nextLong() | 1);
                begin(out, trace, id, lower(stage), INTERNAL, trace.spanId());
                time(out, "startTimeUnixNano", from);
                time(out, "endTimeUnixNano", from + nanos);
                out.writeArrayPropertyStart("attributes");
                attribute(out, "patchbay.stage", lower(stage));
                out.writeEndArray();
                out.writeEndObject();
                from += nanos;
            }
        }
    }

    private static void begin(
            JsonGenerator out, TraceContext trace, String id, String name, int kind, @Nullable String parent) {
        out.writeStartObject();
        out.writeStringProperty("traceId", trace.traceId());
        out.writeStringProperty("spanId", id);
        if (parent != null) {
            out.writeStringProperty("parentSpanId", parent);
        }
        out.writeStringProperty("name", name);
        out.writeNumberProperty("kind", kind);
    }

    private static void attribute(JsonGenerator out, String key, String value) {
        attribute(out, key, "stringValue", value);
    }

    /// OTLP's JSON has numbers of 64 bits as text.
    private static void number(JsonGenerator out, String key, long value) {
        attribute(out, key, "intValue", Long.toString(value));
    }

    private static void attribute(JsonGenerator out, String key, String type, String value) {
        out.writeStartObject();
        out.writeStringProperty("key", key);
        out.writeObjectPropertyStart("value");
        out.writeStringProperty(type, value);
        out.writeEndObject();
        out.writeEndObject();
    }

    private void time(JsonGenerator out, String field, long nanos) {
        out.writeStringProperty(field, Long.toString(epoch + nanos));
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}

package dev.patchbay.server.otlp;

import com.google.protobuf.ByteString;
import dev.patchbay.core.execution.CallTimings.Stage;
import dev.patchbay.core.execution.Outcome;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.core.routing.Placement;
import dev.patchbay.core.routing.Reason;
import dev.patchbay.core.routing.Resolution;
import dev.patchbay.core.telemetry.CallRecord;
import dev.patchbay.core.telemetry.OutcomeLabel;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Writes finished calls as spans: one for the call, with the id that what it called was told as its parent, and one
/// below it for each stage. The choice of a version is an event by the conventions for
/// [feature flags](https://opentelemetry.io/docs/specs/semconv/feature-flags/feature-flags-events/), so that whatever
/// reads those reads our experiments. Used by one thread.
final class OtlpSpans {

    /// A stage and what all its spans have in common.
    private record Common(Stage stage, Span span) {

        Common(Stage stage) {
            this(
                    stage,
                    Span.newBuilder()
                            .setName(lower(stage))
                            .setKind(Span.SpanKind.SPAN_KIND_INTERNAL)
                            .addAttributes(Attributes.text("patchbay.stage", lower(stage)))
                            .build());
        }
    }

    private static final List<Common> IN_ORDER = List.of(
            new Common(Stage.QUEUE),
            new Common(Stage.DECODE),
            new Common(Stage.PREPROCESS),
            new Common(Stage.MODEL),
            new Common(Stage.POSTPROCESS),
            new Common(Stage.ENCODE));

    /// How many ways of being routed are remembered at a time.
    private static final int KINDS = 256;

    /// What decides all of a call's span but its times, ids and outcome.
    private record Kind(
            String task,
            String version,
            Reason reason,
            @Nullable String rule,
            long revision) {}

    /// What the spans of calls of one kind have in common.
    private record Routed(Span span, Span.Event evaluation) {}

    private final Map<Kind, Routed> routed = new HashMap<>();
    private final long epoch;
    private final SplittableRandom ids = new SplittableRandom();

    /// @param epoch the nanoseconds since 1970 at which [System#nanoTime] was 0
    OtlpSpans(long epoch) {
        this.epoch = epoch;
    }

    /// Adds the spans of a call.
    void write(CallRecord call, ScopeSpans.Builder into) {
        TraceContext trace = call.context().trace();
        ByteString traceId = ByteString.fromHex(trace.traceId());
        ByteString spanId = ByteString.fromHex(trace.spanId());
        Resolution resolution = call.resolution();
        Routed common = resolution == null ? null : routed(call.task(), resolution);
        Span.Builder span = (common == null ? named(call.task()) : common.span().toBuilder())
                .setTraceId(traceId)
                .setSpanId(spanId)
                .setStartTimeUnixNano(epoch + call.context().arrived())
                .setEndTimeUnixNano(epoch + call.endedNanos())
                .addAttributes(
                        Attributes.text("patchbay.request.id", call.context().requestId()));
        if (trace.parentId() != null) {
            span.setParentSpanId(ByteString.fromHex(trace.parentId()));
        }
        if (resolution != null && common != null) {
            span.addEvents(evaluation(call, resolution, common.evaluation()));
        }
        if (call.outcome() instanceof Outcome.Failure(var error)) {
            span.addAttributes(Attributes.text("error.type", error.code().id()));
            if (OutcomeLabel.of(error.code()).isFailure()) {
                span.setStatus(Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage(String.valueOf(error.getMessage())));
            }
        }
        into.addSpans(span);
        stages(call, traceId, spanId, into);
    }

    private static Span.Builder named(String task) {
        return Span.newBuilder()
                .setName("inference " + task)
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .addAttributes(Attributes.text("patchbay.task.name", task));
    }

    private Routed routed(String task, Resolution by) {
        if (routed.size() >= KINDS) {
            routed.clear();
        }
        return routed.computeIfAbsent(
                new Kind(task, by.version(), by.reason(), by.rule(), by.revision()), kind -> common(task, by));
    }

    private static Routed common(String task, Resolution resolution) {
        Span.Builder span = named(task)
                .addAttributes(Attributes.text("patchbay.task.version", resolution.version()))
                .addAttributes(Attributes.text("patchbay.route.reason", lower(resolution.reason())))
                .addAttributes(Attributes.number("patchbay.revision", resolution.revision()));
        if (resolution.rule() != null) {
            span.addAttributes(Attributes.text("patchbay.experiment.id", resolution.rule()));
        }
        Span.Event evaluation = Span.Event.newBuilder()
                .setName("feature_flag.evaluation")
                .addAttributes(Attributes.text("feature_flag.key", task))
                .addAttributes(Attributes.text("feature_flag.provider.name", "patchbay"))
                .addAttributes(Attributes.text("feature_flag.result.variant", resolution.version()))
                .addAttributes(Attributes.text("feature_flag.result.reason", reason(resolution.reason())))
                .addAttributes(Attributes.text("feature_flag.version", Long.toString(resolution.revision())))
                .build();
        return new Routed(span.build(), evaluation);
    }

    private Span.Event evaluation(CallRecord call, Resolution resolution, Span.Event common) {
        Span.Event.Builder event =
                common.toBuilder().setTimeUnixNano(epoch + call.context().arrived());
        for (Placement placement : resolution.placements()) {
            if (placement.rule().equals(resolution.rule())) {
                event.addAttributes(Attributes.text("feature_flag.context.id", Integer.toHexString(placement.unit())));
            }
        }
        return event.build();
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
    private void stages(CallRecord call, ByteString traceId, ByteString parent, ScopeSpans.Builder into) {
        long from = epoch + call.context().arrived();
        for (Common common : IN_ORDER) {
            long nanos = call.timings().nanos(common.stage());
            if (nanos > 0) {
                into.addSpans(common.span().toBuilder()
                        .setTraceId(traceId)
                        .setSpanId(nextId())
                        .setParentSpanId(parent)
                        .setStartTimeUnixNano(from)
                        .setEndTimeUnixNano(from + nanos));
                from += nanos;
            }
        }
    }

    private ByteString nextId() {
        return ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(0, ids.nextLong() | 1));
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}

package dev.patchbay.server.otlp;

import dev.patchbay.core.execution.TraceContext;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where telemetry goes, by the variables that OpenTelemetry names for it.
///
/// @param endpoint `OTEL_EXPORTER_OTLP_ENDPOINT`, such as `http://localhost:4318`
/// @param headers `OTEL_EXPORTER_OTLP_HEADERS`, such as `api-key=secret`
/// @param service `OTEL_SERVICE_NAME`
/// @param interval `OTEL_METRIC_EXPORT_INTERVAL`, in milliseconds
/// @param sampling `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`
public record OtlpSettings(
        URI endpoint, Map<String, String> headers, String service, Duration interval, Sampling sampling) {

    private static final String SAMPLER = "OTEL_TRACES_SAMPLER";
    private static final String RATIO = "OTEL_TRACES_SAMPLER_ARG";
    /// Of the traces that begin here, if nobody says otherwise.
    private static final double DEFAULT_RATIO = 0.1;

    /// Which calls are traced.
    ///
    /// @param asksCaller whether a caller that decided for its trace decides for the call, too
    /// @param ratio the share of the other traces; 0 for none at all
    public record Sampling(boolean asksCaller, double ratio) {

        /// Says in a trace's flags whether it is recorded, as far as that is known when a call begins: so that whoever
        /// is asked further on is of one mind. What is kept because of how it ended keeps the flags it had, as
        /// [W3C Trace Context](https://www.w3.org/TR/trace-context/#sampled-flag) wants it of late decisions.
        public TraceContext decide(TraceContext trace) {
            return isCallers(trace) ? trace : trace.recorded(isAmongShare(trace));
        }

        boolean isCallers(TraceContext trace) {
            return asksCaller && !trace.beginsHere();
        }

        /// By the trace's id, so that all calls of a trace and all services that decide like this are of one mind.
        boolean isAmongShare(TraceContext trace) {
            return ratio == 1 || Long.parseUnsignedLong(trace.traceId(), 18, 32, 16) < ratio * (1L << 56);
        }
    }

    /// Reads the variables; empty if no endpoint is named.
    ///
    /// @throws IllegalArgumentException if one is wrong, naming it
    public static Optional<OtlpSettings> read(Function<String, @Nullable String> environment) {
        String endpoint = environment.apply("OTEL_EXPORTER_OTLP_ENDPOINT");
        if (endpoint == null || endpoint.isBlank()) {
            return Optional.empty();
        }
        String service = environment.apply("OTEL_SERVICE_NAME");
        return Optional.of(new OtlpSettings(
                uri(endpoint.strip()),
                headers(environment.apply("OTEL_EXPORTER_OTLP_HEADERS")),
                service == null ? "patchbay" : service,
                Duration.ofMillis((long) number(environment, "OTEL_METRIC_EXPORT_INTERVAL", 60_000, 100, 86_400_000)),
                sampling(environment)));
    }

    /// The samplers have the names that OpenTelemetry gives them. Without one, a tenth is kept of what begins here.
    private static Sampling sampling(Function<String, @Nullable String> environment) {
        String sampler = environment.apply(SAMPLER);
        return switch (sampler == null ? "" : sampler.strip()) {
            case "" -> new Sampling(true, number(environment, RATIO, DEFAULT_RATIO, 0, 1));
            case "parentbased_traceidratio" -> new Sampling(true, number(environment, RATIO, 1, 0, 1));
            case "traceidratio" -> new Sampling(false, number(environment, RATIO, 1, 0, 1));
            case "parentbased_always_on" -> new Sampling(true, 1);
            case "parentbased_always_off" -> new Sampling(true, 0);
            case "always_on" -> new Sampling(false, 1);
            case "always_off" -> new Sampling(false, 0);
            default ->
                throw new IllegalArgumentException(
                        "%s is one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio, but is '%s'"
                                .formatted(SAMPLER, sampler));
        };
    }

    private static URI uri(String endpoint) {
        URI uri = URI.create(endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint);
        if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "OTEL_EXPORTER_OTLP_ENDPOINT is a URL such as http://localhost:4318, but is '%s'"
                            .formatted(endpoint));
        }
        return uri;
    }

    private static Map<String, String> headers(@Nullable String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (text != null) {
            for (String pair : text.split(",")) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("OTEL_EXPORTER_OTLP_HEADERS is a list of name=value");
                }
                headers.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            }
        }
        return headers;
    }

    private static double number(
            Function<String, @Nullable String> environment, String name, double otherwise, double least, double most) {
        String text = environment.apply(name);
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        try {
            double number = Double.parseDouble(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s is a number, but is '%s'".formatted(name, text), e);
        }
        throw new IllegalArgumentException("%s is from %s to %s, but is %s".formatted(name, least, most, text));
    }
}

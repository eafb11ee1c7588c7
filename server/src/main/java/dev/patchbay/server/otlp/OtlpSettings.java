package dev.patchbay.server.otlp;

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
/// @param ratio `OTEL_TRACES_SAMPLER_ARG`: the share of traces that are kept when the caller has not decided
public record OtlpSettings(URI endpoint, Map<String, String> headers, String service, Duration interval, double ratio) {

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
                number(environment, "OTEL_TRACES_SAMPLER_ARG", 1, 0, 1)));
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

package dev.patchbay.server.inference;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.execution.TraceContext;
import dev.patchbay.server.http.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the request headers that mean something to a call.
public final class Headers {

    private static final Pattern TIMEOUT = Pattern.compile("(\\d{1,9})(ms|s|m)");
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final int BAGGAGE_ENTRIES = 64;

    private Headers() {}

    /// Refuses a body that is declared as something else than JSON, or as packed.
    public static void requireJson(HttpExchange exchange) {
        requirePlain(exchange.header("content-encoding"));
        requireJson(exchange.header("content-type"));
    }

    private static void requireJson(@Nullable String contentType) {
        if (contentType == null) {
            return;
        }
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals("application/json") && !(type.startsWith("application/") && type.endsWith("+json"))) {
            throw new InferenceException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body is declared as '%s'; a task takes application/json".formatted(type));
        }
    }

    /// Refuses a body that is compressed.
    public static void requirePlain(@Nullable String contentEncoding) {
        if (contentEncoding != null && !contentEncoding.strip().equalsIgnoreCase("identity")) {
            throw new InferenceException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body is declared as packed with '%s'; send it as it is, without Content-Encoding"
                            .formatted(contentEncoding));
        }
    }

    /// Reads the caller's place in a trace.
    ///
    /// @param tracestate which may come in several headers
    public static TraceContext trace(@Nullable String traceparent, List<String> tracestate) {
        return TraceContext.from(traceparent, tracestate.isEmpty() ? null : String.join(",", tracestate));
    }

    /// Reads `Inference-Timeout`.
    public static Duration timeout(@Nullable String value, Duration longest) {
        if (value == null) {
            return longest;
        }
        Matcher matcher = TIMEOUT.matcher(value.strip());
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new InferenceException(
                    ErrorCode.MALFORMED_REQUEST,
                    "Inference-Timeout is '%s'; it is a number and a unit, such as 250ms, 5s or 1m".formatted(value));
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration timeout = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
        return timeout.compareTo(longest) < 0 ? timeout : longest;
    }

    /// Reads the tenant.
    public static @Nullable String tenant(@Nullable String value) {
        if (value == null) {
            return null;
        }
        if (!TENANT.matcher(value).matches()) {
            throw new InferenceException(
                    ErrorCode.MALFORMED_REQUEST, "Inference-Tenant has letters, digits, '.', '_' and '-', at most 128");
        }
        return value;
    }

    /// Tells whether the caller wants events; refuses one that takes neither events nor JSON.
    static boolean wantsStream(@Nullable String accept) {
        if (accept == null) {
            return false;
        }
        boolean json = false;
        for (String range : accept.split(",")) {
            switch (range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)) {
                case "text/event-stream" -> {
                    return true;
                }
                case "application/json", "application/*", "*/*", "" -> json = true;
                default -> {}
            }
        }
        if (!json) {
            throw new InferenceException(
                    ErrorCode.NOT_ACCEPTABLE,
                    "Accept is '%s'; a task answers with application/json, or with text/event-stream as it goes"
                            .formatted(accept));
        }
        return false;
    }

    /// Reads [W3C baggage](https://www.w3.org/TR/baggage/); what cannot be read is left out, as it says.
    public static Map<String, String> baggage(List<String> headers) {
        if (headers.isEmpty()) {
            return Map.of();
        }
        Map<String, String> baggage = new HashMap<>();
        for (String header : headers) {
            for (String member : header.split(",")) {
                String pair = member.split(";", 2)[0];
                int equals = pair.indexOf('=');
                if (equals > 0 && baggage.size() < BAGGAGE_ENTRIES) {
                    try {
                        baggage.put(
                                pair.substring(0, equals).strip(),
                                URLDecoder.decode(
                                        pair.substring(equals + 1).strip().replace("+", "%2B"),
                                        StandardCharsets.UTF_8));
                    } catch (IllegalArgumentException e) {
                        continue;
                    }
                }
            }
        }
        return baggage;
    }
}

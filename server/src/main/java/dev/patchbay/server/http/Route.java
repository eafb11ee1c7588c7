package dev.patchbay.server.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One kind of request and who takes it.
public final class Route {

    private final String method;
    private final String template;
    private final List<String> segments;
    private final HttpHandler handler;
    private final boolean incoming;

    /// @param method in capitals; `GET` takes `HEAD` along
    /// @param template a path such as `/v1/inference/{task}`; a parameter is a whole segment
    /// @param handler who takes it
    public Route(String method, String template, HttpHandler handler) {
        this(method, template, handler, false);
    }

    private Route(String method, String template, HttpHandler handler, boolean incoming) {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("the template " + template + " does not begin with a slash");
        }
        this.method = method;
        this.template = template;
        this.segments = List.of(template.substring(1).split("/", -1));
        this.handler = handler;
        this.incoming = incoming;
    }

    /// Makes a route whose handler gets the exchange before its body, which it reads as it arrives.
    public static Route incoming(String method, String template, HttpHandler handler) {
        return new Route(method, template, handler, true);
    }

    /// The same for those who are let in.
    ///
    /// @param refusal what the others are answered, whatever they ask; null lets them in
    public Route unless(Function<HttpExchange, @Nullable Answer> refusal) {
        HttpHandler gated = exchange -> {
            Answer refused = refusal.apply(exchange);
            if (refused == null) {
                handler.handle(exchange);
            } else {
                exchange.respond(refused);
            }
        };
        return new Route(method, template, gated, incoming);
    }

    boolean isIncoming() {
        return incoming;
    }

    String method() {
        return method;
    }

    List<String> segments() {
        return segments;
    }

    HttpHandler handler() {
        return handler;
    }

    /// The place of a parameter among the segments.
    int indexOf(String parameter) {
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (isParameter(segment)
                    && segment.length() == parameter.length() + 2
                    && segment.startsWith(parameter, 1)) {
                return i;
            }
        }
        throw new IllegalArgumentException("the template " + template + " has no parameter " + parameter);
    }

    static boolean isParameter(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    @Override
    public String toString() {
        return method + " " + template;
    }
}

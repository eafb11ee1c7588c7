package dev.patchbay.server.catalog;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Pages for people: the tasks with a form to try them, and what each error means. They load nothing from
/// elsewhere.
public final class DocsHandler {

    private static final String POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// Lists the paths it answers.
    public List<Route> routes() {
        return List.of(
                page("/docs", "docs.html", "text/html; charset=utf-8"),
                page("/docs/docs.js", "docs.js", "text/javascript; charset=utf-8"),
                page("/docs/docs.css", "docs.css", "text/css; charset=utf-8"),
                new Route(
                        "GET",
                        "/docs/errors",
                        exchange -> exchange.respond(
                                answer("text/html; charset=utf-8", errors().getBytes(StandardCharsets.UTF_8)))));
    }

    private static Route page(String path, String resource, String type) {
        byte[] content = read(resource);
        return new Route("GET", path, exchange -> exchange.respond(answer(type, content)));
    }

    private static Answer answer(String type, byte[] content) {
        return new Answer(
                200,
                AnswerHeaders.contentType(type)
                        .add("content-security-policy", POLICY)
                        .add("x-content-type-options", "nosniff"),
                content);
    }

    private static byte[] read(String resource) {
        try (InputStream in = DocsHandler.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the page " + resource + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String errors() {
        StringBuilder rows = new StringBuilder();
        for (ErrorCode error : ErrorCode.values()) {
            rows.append("<tr id=\"")
                    .append(error.id())
                    .append("\"><th scope=\"row\"><code>")
                    .append(error.id())
                    .append("</code></th><td>")
                    .append(error.httpStatus())
                    .append("</td><td>")
                    .append(error.grpcStatus())
                    .append("</td><td>")
                    .append(error.kind().name().toLowerCase(java.util.Locale.ROOT))
                    .append("</td><td>")
                    .append(error.title())
                    .append("</td></tr>\n");
        }
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Errors · Patchbay</title>
                <link rel="stylesheet" href="/docs/docs.css">
                </head>
                <body>
                <header><h1><a href="/docs">Patchbay</a> · errors</h1></header>
                <main>
                <p>Every error is a problem document (RFC 9457) with one of these codes. <em>Who acts</em> says whose turn it is.</p>
                <table>
                <thead><tr><th scope="col">code</th><th scope="col">HTTP</th><th scope="col">gRPC</th><th scope="col">who acts</th><th scope="col">meaning</th></tr></thead>
                <tbody>
                %s</tbody>
                </table>
                </main>
                </body>
                </html>
                """.formatted(rows);
    }
}

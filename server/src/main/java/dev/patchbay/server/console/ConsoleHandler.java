package dev.patchbay.server.console;

import dev.patchbay.server.admin.AdminRoute;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.AnswerHeaders;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The files of the console under `/console/`, read from the jar once. They load nothing from elsewhere and hold no
/// secrets: all data comes by `/admin/v1`, with its checks.
public final class ConsoleHandler {

    private static final String HOME = "/console/";

    private static final String POLICY =
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'";

    /// Every file of the console.
    static final List<String> FILES = List.of(
            "index.html",
            "theme.js",
            "console.css",
            "icon.svg",
            "app.js",
            "dom.js",
            "api.js",
            "token.js",
            "format.js",
            "parts.js",
            "charts.js",
            "diff.js",
            "rollback.js",
            "schemaform.js",
            "overview.js",
            "task.js",
            "routing.js",
            "rollout.js",
            "shadow.js",
            "modules.js",
            "playground.js",
            "history.js");

    /// Lists the paths it answers.
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(AdminRoute.page("/", exchange -> exchange.respond(home())));
        routes.add(AdminRoute.page("/console", exchange -> exchange.respond(home())));
        for (String file : FILES) {
            Page page = Page.read(file);
            routes.add(AdminRoute.page(HOME + (file.equals("index.html") ? "" : file), page::answer));
        }
        return routes;
    }

    private static Answer home() {
        return new Answer(302, AnswerHeaders.none().add("location", HOME), new byte[0]);
    }

    /// One file as it is sent.
    private record Page(String type, String tag, byte[] content) {

        static Page read(String file) {
            try (InputStream in = ConsoleHandler.class.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException("the file " + file + " of the console is not in the jar");
                }
                byte[] content = in.readAllBytes();
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
                return new Page(type(file), '"' + HexFormat.of().formatHex(digest, 0, 12) + '"', content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        private static String type(String file) {
            return switch (file.substring(file.lastIndexOf('.') + 1)) {
                case "html" -> "text/html; charset=utf-8";
                case "css" -> "text/css; charset=utf-8";
                case "svg" -> "image/svg+xml";
                default -> "text/javascript; charset=utf-8";
            };
        }

        void answer(HttpExchange exchange) {
            AnswerHeaders headers = AnswerHeaders.none()
                    .add("etag", tag)
                    .add("cache-control", "no-cache")
                    .add("content-security-policy", POLICY)
                    .add("referrer-policy", "no-referrer")
                    .add("x-content-type-options", "nosniff");
            String known = exchange.header("if-none-match");
            exchange.respond(
                    known != null && known.contains(tag)
                            ? new Answer(304, headers, new byte[0])
                            : new Answer(200, headers.add("content-type", type), content));
        }
    }
}

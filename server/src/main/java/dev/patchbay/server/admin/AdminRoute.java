package dev.patchbay.server.admin;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.answer.Problem;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.HttpExchange;
import dev.patchbay.server.http.HttpHandler;
import dev.patchbay.server.http.Route;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes routes of the operator's API: answered to this machine only, and away from the event loop, because what they
/// do may wait for locks, files and modules.
public final class AdminRoute {

    private static final List<String> HERE = List.of("localhost", "127.0.0.1", "[::1]");

    private AdminRoute() {}

    /// Answers one request; what it throws becomes a problem document.
    public interface Action {
        Answer answer(HttpExchange exchange) throws Exception;
    }

    /// Makes a route.
    public static Route of(String method, String path, Action action) {
        return local(method, path, exchange -> offLoop(exchange, action));
    }

    /// Makes a route of the operator's API whose handler takes care of threads itself.
    public static Route local(String method, String path, HttpHandler handler) {
        return new Route(method, path, exchange -> {
            Answer refused = refuseForeign(exchange);
            if (refused != null) {
                exchange.respond(refused);
            } else {
                handler.handle(exchange);
            }
        });
    }

    /// Makes a route to a page, to which other sites may link.
    public static Route page(String path, HttpHandler handler) {
        return new Route("GET", path, exchange -> {
            boolean linked = "navigate".equals(exchange.header("sec-fetch-mode"));
            Answer refused = linked ? refuseOtherHost(exchange) : refuseForeign(exchange);
            if (refused != null) {
                exchange.respond(refused);
            } else {
                handler.handle(exchange);
            }
        });
    }

    static void offLoop(HttpExchange exchange, Action action) {
        // a platform thread: operators are heard also while modules keep all carriers of virtual threads busy
        Thread.ofPlatform().daemon().name("patchbay-admin").start(() -> {
            try {
                exchange.respond(action.answer(exchange));
            } catch (InferenceException e) {
                exchange.respond(Answers.problem(Problem.of(e)));
            } catch (Exception e) {
                exchange.fail(e);
            }
        });
    }

    /// Refuses what a web page elsewhere could make a browser send here: another host's name for this address,
    /// and forms.
    private static @Nullable Answer refuseForeign(HttpExchange exchange) {
        Answer otherHost = refuseOtherHost(exchange);
        if (otherHost != null) {
            return otherHost;
        }
        String site = exchange.header("sec-fetch-site");
        if (site != null && !site.equals("same-origin") && !site.equals("none") || isOtherOrigin(exchange)) {
            return Answers.problem(
                    Problem.of(ErrorCode.PERMISSION_DENIED, "The admin API does not answer other web sites"));
        }
        return null;
    }

    /// Browsers that tell no `Sec-Fetch-Site` tell the origin of whatever changes something.
    private static boolean isOtherOrigin(HttpExchange exchange) {
        String origin = exchange.header("origin");
        String host = exchange.header("host");
        return origin != null && host != null && !origin.equals("http://" + host) && !origin.equals("https://" + host);
    }

    private static @Nullable Answer refuseOtherHost(HttpExchange exchange) {
        String host = exchange.header("host");
        if (host != null) {
            String name = host.replaceAll(":\\d+$", "").toLowerCase(Locale.ROOT);
            if (!HERE.contains(name)) {
                return Answers.problem(Problem.of(
                        ErrorCode.PERMISSION_DENIED, "The admin API answers only to localhost, not to '" + name + "'"));
            }
        }
        return null;
    }
}

package dev.patchbay.server.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds the handler for a method and a path. A literal segment wins over a parameter.
public final class Router {

    private final Node root = new Node();

    /// @throws IllegalArgumentException when two routes want the same requests
    public Router(List<Route> routes) {
        for (Route route : routes) {
            root.add(route, route.segments(), 0);
        }
    }

    public static Router of(Route... routes) {
        return new Router(List.of(routes));
    }

    RouteMatch find(String method, List<String> segments) {
        Node node = root.find(segments, 0);
        if (node == null) {
            return RouteMatch.NOT_FOUND;
        }
        Route route = node.routes.get(method);
        if (route == null && method.equals("HEAD")) {
            route = node.routes.get("GET");
        }
        return route == null
                ? new RouteMatch.OtherMethods(String.join(", ", new TreeSet<>(node.routes.keySet())))
                : new RouteMatch.Found(route);
    }

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private final Map<String, Route> routes = new TreeMap<>();
        private @Nullable Node parameter;

        void add(Route route, List<String> segments, int depth) {
            if (depth == segments.size()) {
                Route before = routes.putIfAbsent(route.method(), route);
                if (before != null) {
                    throw new IllegalArgumentException("two routes for the same requests: " + before + " and " + route);
                }
                return;
            }
            String segment = segments.get(depth);
            Node child;
            if (Route.isParameter(segment)) {
                if (parameter == null) {
                    parameter = new Node();
                }
                child = parameter;
            } else {
                child = literals.computeIfAbsent(segment, s -> new Node());
            }
            child.add(route, segments, depth + 1);
        }

        @Nullable
        Node find(List<String> segments, int depth) {
            if (depth == segments.size()) {
                return routes.isEmpty() ? null : this;
            }
            Node literal = literals.get(segments.get(depth));
            Node found = literal == null ? null : literal.find(segments, depth + 1);
            if (found == null && parameter != null && !segments.get(depth).isEmpty()) {
                found = parameter.find(segments, depth + 1);
            }
            return found;
        }
    }
}

package dev.patchbay.concurrency;

import dev.patchbay.core.config.ConfigParser;
import dev.patchbay.core.config.GatewayConfig;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.routing.RouteQuery;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/// Two versions of a task, a config for each, and a call.
public final class Versions {

    public static final ModuleKey OLD = new ModuleKey("score", "1.0.0");
    public static final ModuleKey NEW = new ModuleKey("score", "2.0.0");
    public static final GatewayConfig TO_OLD = to(OLD);
    public static final GatewayConfig TO_NEW = to(NEW);
    public static final RouteQuery CALL =
            new RouteQuery("score", null, null, "r", JsonNodeFactory.instance.objectNode(), Map.of());

    private Versions() {}

    private static GatewayConfig to(ModuleKey key) {
        return ConfigParser.parse("{inference: {score: {default_version: %s}}}".formatted(key.version()))
                .config();
    }
}

package dev.patchbay.core.schema;

import dev.patchbay.core.schema.JsonSchema.Check;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Checks of lists, of objects as a whole, and of alternatives.
final class ContainerChecks {

    private ContainerChecks() {}

    static Check items(int least, int most) {
        return (value, walk) -> {
            if (!value.isArray()) {
                return;
            }
            int size = value.size();
            if (size < least || size > most) {
                String wanted = least == most
                        ? "must have " + least
                        : size < least ? "must have at least " + least : "must have at most " + most;
                walk.error(wanted + (wanted.endsWith(" 1") ? " item" : " items") + ", but has " + size);
            }
        };
    }

    static Check each(List<Check> first, @Nullable Check rest) {
        return (value, walk) -> {
            if (!value.isArray()) {
                return;
            }
            for (int i = 0; i < value.size(); i++) {
                Check check = i < first.size() ? first.get(i) : rest;
                if (check != null) {
                    walk.enter(i);
                    check.check(value.get(i), walk);
                    walk.leave();
                }
            }
        };
    }

    static Check unique() {
        return (value, walk) -> {
            if (!value.isArray()) {
                return;
            }
            Set<JsonNode> seen = new HashSet<>();
            for (int i = 0; i < value.size(); i++) {
                if (!seen.add(ValueChecks.canonical(value.get(i)))) {
                    walk.error(i, "is in the list twice");
                }
            }
        };
    }

    static Check names(Check name) {
        return (value, walk) -> {
            if (value.isObject()) {
                for (String field : value.propertyNames()) {
                    walk.enter(field);
                    name.check(JsonNodeFactory.instance.stringNode(field), walk);
                    walk.leave();
                }
            }
        };
    }

    static Check properties(int least, int most) {
        return (value, walk) -> {
            if (value.isObject() && (value.size() < least || value.size() > most)) {
                walk.error(
                        value.size() < least
                                ? "must have at least " + least + " fields, but has " + value.size()
                                : "must have at most " + most + " fields, but has " + value.size());
            }
        };
    }

    /// Alternatives: at least one must fit, or exactly one. If none does, the one that came nearest complains.
    static Check options(List<Check> options, boolean exactlyOne) {
        return (value, walk) -> {
            int fits = 0;
            Walk nearest = null;
            for (Check option : options) {
                Walk fork = walk.fork();
                option.check(value, fork);
                if (fork.found() == 0) {
                    fits++;
                    if (!exactlyOne) {
                        return;
                    }
                } else if (nearest == null || fork.found() < nearest.found()) {
                    nearest = fork;
                }
            }
            if (fits == 0 && nearest != null) {
                walk.adopt(nearest);
            } else if (fits > 1) {
                walk.error("fits " + fits + " of the alternatives; it must fit exactly one");
            }
        };
    }
}

package dev.patchbay.testkit.contract;

import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.contract.SchemaDifference.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Whether callers of the previous version can be moved to this one without noticing.
public final class CompatibilityChecks {

    private CompatibilityChecks() {}

    /// Lists one check for each schema callers and operators see.
    public static List<Check> of(RunningModule before, RunningModule after) {
        List<Check> checks = new ArrayList<>();
        checks.add(check("answers the same task as " + before, () -> sameTask(before, after)));
        checks.add(check(
                "takes every request that " + before + " takes",
                () -> find(SchemaCompatibility.compare(Side.REQUEST, before.requestSchema(), after.requestSchema()))));
        checks.add(check(
                "gives no answer that " + before + " could not give",
                () -> find(
                        SchemaCompatibility.compare(Side.RESPONSE, before.responseSchema(), after.responseSchema()))));
        checks.add(check(
                "gives no part of a stream that " + before + " could not give",
                () -> find(optional(
                        Side.RESPONSE,
                        before.descriptor().schemas().part(),
                        after.descriptor().schemas().part()))));
        checks.add(check(
                "takes the settings of " + before,
                () -> find(optional(
                        Side.SETTINGS,
                        before.descriptor().schemas().config(),
                        after.descriptor().schemas().config()))));
        return checks;
    }

    private static Check check(String name, Check.Body body) {
        return new Check(Check.Kind.COMPATIBILITY, name, body);
    }

    private static Finding sameTask(RunningModule before, RunningModule after) {
        if (!before.key().task().equals(after.key().task())) {
            return Finding.failed("%s answers '%s' and %s answers '%s'; compare versions of one task"
                    .formatted(before, before.key().task(), after, after.key().task()));
        }
        return before.key().equals(after.key())
                ? Finding.failed(
                        "both are " + after + "; a version never changes: publish this one under a new version")
                : Finding.passed("");
    }

    private static List<SchemaDifference> optional(Side side, @Nullable JsonNode before, @Nullable JsonNode after) {
        if (before != null && after != null) {
            return SchemaCompatibility.compare(side, before, after);
        }
        if (before == null && after == null) {
            return List.of();
        }
        String what = side == Side.SETTINGS ? "settings" : "streaming";
        return List.of(
                new SchemaDifference(side, "", before != null, before != null ? what + " is gone" : what + " is new"));
    }

    private static Finding find(List<SchemaDifference> differences) {
        String all = differences.stream()
                .sorted((a, b) -> Boolean.compare(b.breaking(), a.breaking()))
                .map(difference -> (difference.breaking() ? "breaking  " : "harmless  ") + difference)
                .collect(Collectors.joining("\n"));
        if (differences.isEmpty()) {
            return Finding.passed("no difference");
        }
        return differences.stream().anyMatch(SchemaDifference::breaking) ? Finding.failed(all) : Finding.passed(all);
    }
}

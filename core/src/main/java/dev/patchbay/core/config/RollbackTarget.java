package dev.patchbay.core.config;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.schema.Nearest;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Where a rollback of a task goes.
public sealed interface RollbackTarget {

    /// To what was in force for the task before its section last changed. Not if that change was a rollback: a second
    /// one would put back what the first took away, which two people in a hurry do to each other.
    record Previous() implements RollbackTarget {}

    /// To a revision.
    record Revision(long number) implements RollbackTarget {}

    /// To the newest revision in which a version was the default.
    record Version(String version) implements RollbackTarget {}

    /// Finds the revision whose section of the task is meant.
    ///
    /// @param history all revisions, the oldest first
    /// @throws InferenceException `unknown-task` or `unknown-revision`, or `conflict` if it is not clear
    ///     where to go
    default ConfigRevision find(String task, ConfigRevision active, List<ConfigRevision> history) {
        JsonNode now = ConfigMerge.task(active.content(), task);
        if (now.isMissingNode() && !(this instanceof Revision)) {
            throw new InferenceException(
                    ErrorCode.UNKNOWN_TASK,
                    "The config has no section for task '%s'%s"
                            .formatted(
                                    task,
                                    Nearest.question(
                                            task,
                                            active.content().path("inference").propertyNames())));
        }
        if (this instanceof Previous) {
            refuseAfterRollback(task, now, history);
        }
        Predicate<ConfigRevision> meant = switch (this) {
            case Revision(long number) -> revision -> revision.number() == number;
            case Version(String version) ->
                revision -> ConfigMerge.task(revision.content(), task)
                        .path("default_version")
                        .asString("")
                        .equals(version);
            case Previous _ ->
                revision -> {
                    JsonNode section = ConfigMerge.task(revision.content(), task);
                    return !section.isMissingNode() && !section.equals(now);
                };
        };
        return history.reversed().stream()
                .filter(revision -> revision.number() < active.number())
                .filter(meant)
                .findFirst()
                .orElseThrow(() -> new InferenceException(
                        ErrorCode.UNKNOWN_REVISION,
                        "%s. Revision %d is in force; see `patchbay history`".formatted(none(task), active.number())));
    }

    private static void refuseAfterRollback(String task, JsonNode now, List<ConfigRevision> history) {
        ConfigRevision change = null;
        for (ConfigRevision revision : history.reversed()) {
            if (!ConfigMerge.task(revision.content(), task).equals(now)) {
                break;
            }
            change = revision;
        }
        if (change != null && change.source().equals("rollback")) {
            throw new InferenceException(
                    ErrorCode.CONFLICT,
                    "Task '%s' was rolled back already, by %s at %s (revision %d: %s). To go elsewhere, say where: to_version or to_revision, see `patchbay history`"
                            .formatted(
                                    task,
                                    change.author(),
                                    change.time().truncatedTo(ChronoUnit.SECONDS),
                                    change.number(),
                                    change.reason()));
        }
    }

    private String none(String task) {
        return switch (this) {
            case Revision(long number) -> "There is no older revision " + number;
            case Version(String version) -> "Version %s was never the default of '%s'".formatted(version, task);
            case Previous _ -> "Task '%s' was never routed otherwise: there is nothing to go back to".formatted(task);
        };
    }
}

package dev.patchbay.core.config;

import dev.patchbay.api.FieldError;
import dev.patchbay.core.registry.ModuleKey;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What config may name: the versions there are, and how far they are.
public interface VersionCatalog {

    /// How far a version is.
    sealed interface Progress {

        /// It can answer.
        record Ready() implements Progress {}

        /// It will be ready or failed.
        record OnItsWay(String state) implements Progress {}

        /// It will not be ready as it is.
        record Failed(String cause) implements Progress {}

        /// There is no such version.
        record Unknown() implements Progress {}
    }

    /// Names the sections of the config, beside the gateway's own, that kinds of modules read.
    Set<String> sections();

    /// Lets the kinds of modules check their sections; changes nothing.
    ///
    /// @throws IllegalArgumentException if one is wrong, naming the key
    void checkSections(GatewayConfig config);

    /// Lists the versions of a task that artifacts were found for.
    Set<String> versions(String task);

    /// Tells how far a version is.
    Progress progress(ModuleKey key);

    /// Tells what is wrong with an answer that a config gives in the place of a version's.
    ///
    /// @return empty if it fits the schema of the version's answers, or the version is not ready
    default List<FieldError> answerErrors(ModuleKey key, JsonNode answer) {
        return List.of();
    }

    /// Loads, beside the instances that serve, one with its new settings for each version whose settings a config
    /// changes.
    ///
    /// @throws IllegalArgumentException if one does not take its settings, naming the key; nothing has changed then
    Prepared prepare(GatewayConfig config);

    /// Instances that wait to take over.
    interface Prepared {

        /// Lets them take over; the instances before them are retired.
        void commit();

        /// Drops them.
        void abandon();
    }

    /// Names who is told whenever a version changes its progress.
    void onChange(Runnable listener);
}

package dev.patchbay.server.oip;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.core.deploy.Deployer;
import dev.patchbay.core.registry.ModuleKey;
import dev.patchbay.core.schema.Nearest;
import dev.patchbay.server.oip.ModelDirectory.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The [model repository
/// extension](https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md)
/// over the modules folder: what lies there is loaded by itself, so that loading means "again". A name is that of a
/// task, for all of its versions, or `task@version`.
final class Repository {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Deployer deployer;
    private final ModelDirectory models;
    private final Path folder;

    /// @param folder where the artifacts are
    Repository(Deployer deployer, ModelDirectory models, Path folder) {
        this.deployer = deployer;
        this.models = models;
        this.folder = folder;
    }

    List<Entry> index(boolean readyOnly) {
        return models.entries().stream()
                .filter(entry -> !readyOnly || entry.isReady())
                .toList();
    }

    /// Refuses a load that would change a version.
    static void requireNoOverride(Collection<String> parameters) {
        if (!parameters.isEmpty()) {
            throw Refused.request(
                    "A version never changes, so that a load takes no parameters (%s); put the model into the modules folder as a version of its own"
                            .formatted(String.join(", ", parameters)));
        }
    }

    /// Loads what is not loaded, and waits for it.
    ///
    /// @throws InferenceException if there is no such model, or a version of it does not become ready
    void load(String name) throws InterruptedException {
        Set<ModuleKey> wanted = new TreeSet<>();
        for (Entry entry : find(name)) {
            if (!isReady(entry.key())
                    && wanted.add(entry.key())
                    && entry.state().equals("UNAVAILABLE")) {
                deployer.appeared(folder.resolve(entry.source()));
            }
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (ModuleKey key : wanted) {
            await(key, end);
        }
    }

    private void await(ModuleKey key, long end) throws InterruptedException {
        // a failed load replaces its entry only once it has failed again
        boolean settled = deployer.awaitSettled(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        while (settled && !isReady(key) && stateOf(key).equals("LOADING") && System.nanoTime() - end < 0) {
            Thread.sleep(LOOK_AGAIN);
        }
        if (!isReady(key)) {
            throw new InferenceException(
                    ErrorCode.VERSION_UNAVAILABLE, "%s did not become ready: %s".formatted(key, reasonOf(key)));
        }
    }

    /// Retires a model's versions; their artifacts stay where they are.
    ///
    /// @throws InferenceException if there is no such model, or rules send calls to one of the versions
    void unload(String name) {
        List<Entry> entries = find(name).stream().filter(Entry::isReady).toList();
        for (Entry entry : entries) {
            if (!entry.routedBy().isEmpty()) {
                throw new InferenceException(
                        ErrorCode.CONFLICT,
                        "%s is still named by %s in inference.%s. Route its callers elsewhere first; nothing was unloaded"
                                .formatted(
                                        entry.key(),
                                        String.join(", ", entry.routedBy()),
                                        entry.key().task()));
            }
        }
        entries.forEach(entry -> deployer.retire(entry.key()));
    }

    private List<Entry> find(String name) {
        List<Entry> all = models.entries();
        List<Entry> found = all.stream()
                .filter(entry -> entry.key().task().equals(name)
                        || entry.key().toString().equals(name))
                .toList();
        if (found.isEmpty()) {
            Set<String> names = all.stream().map(entry -> entry.key().task()).collect(Collectors.toSet());
            throw new InferenceException(
                    ErrorCode.UNKNOWN_TASK,
                    "There is no model '%s' in the modules folder%s; POST /v2/repository/index lists those there are"
                            .formatted(name, Nearest.question(name, names)));
        }
        return found;
    }

    private boolean isReady(ModuleKey key) {
        return models.entries().stream().anyMatch(entry -> entry.key().equals(key) && entry.isReady());
    }

    private String stateOf(ModuleKey key) {
        return last(key).map(Entry::state).orElse("UNAVAILABLE");
    }

    private String reasonOf(ModuleKey key) {
        return last(key).map(Entry::reason).orElse("it is not there");
    }

    private java.util.Optional<Entry> last(ModuleKey key) {
        return models.entries().stream()
                .filter(entry -> entry.key().equals(key))
                .reduce((before, after) -> after);
    }
}

package dev.patchbay.core.config;

import dev.patchbay.api.FieldError;
import dev.patchbay.core.registry.ModuleKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.databind.JsonNode;

/// Versions whose progress a test sets by hand. Settings are taken at once, unless a task's settings hold `refused`.
final class KnownVersions implements VersionCatalog {

    private final SortedMap<String, Progress> versions = new ConcurrentSkipListMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private final List<String> takeovers = new ArrayList<>();
    private volatile Wait preparing = () -> {};

    /// `behavior_score` as in the pets example: three ready versions, and a fourth that failed.
    static KnownVersions ofPets() {
        KnownVersions versions = new KnownVersions();
        for (String version : List.of("2.9.1", "3.0.0", "3.1.0")) {
            versions.set("behavior_score", version, new Progress.Ready());
        }
        versions.set("behavior_score", "3.9.9", new Progress.Failed("load took longer than 60 s"));
        return versions;
    }

    void set(String task, String version, Progress progress) {
        versions.put(new ModuleKey(task, version).toString(), progress);
        listeners.forEach(Runnable::run);
    }

    /// Something that takes its time.
    interface Wait {
        void once() throws InterruptedException;
    }

    /// Makes every preparation take its time.
    void whenPreparing(Wait wait) {
        preparing = wait;
    }

    /// What became of the instances that were prepared: `commit` or `abandon`, in order.
    List<String> takeovers() {
        return List.copyOf(takeovers);
    }

    @Override
    public Set<String> sections() {
        return Set.of();
    }

    @Override
    public void checkSections(GatewayConfig config) {}

    @Override
    public Set<String> versions(String task) {
        Set<String> found = new TreeSet<>();
        new TreeMap<>(versions).forEach((key, progress) -> {
            if (key.startsWith(task + "@")) {
                found.add(key.substring(task.length() + 1));
            }
        });
        return found;
    }

    @Override
    public Progress progress(ModuleKey key) {
        return versions.getOrDefault(key.toString(), new Progress.Unknown());
    }

    /// All versions answer anything without a field `wrong`.
    @Override
    public List<FieldError> answerErrors(ModuleKey key, JsonNode answer) {
        return answer.has("wrong") ? List.of(new FieldError("/wrong", "is no field here")) : List.of();
    }

    @Override
    public Prepared prepare(GatewayConfig config) {
        try {
            preparing.once();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        config.inference().forEach((task, section) -> {
            if (section.settings().has("refused")) {
                throw new IllegalArgumentException("inference." + task + ".config.refused is not a setting");
            }
        });
        return new Prepared() {
            @Override
            public void commit() {
                takeovers.add("commit");
            }

            @Override
            public void abandon() {
                takeovers.add("abandon");
            }
        };
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}

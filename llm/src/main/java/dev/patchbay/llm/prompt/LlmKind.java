package dev.patchbay.llm.prompt;

import dev.patchbay.api.Lane;
import dev.patchbay.api.runtime.Folder;
import dev.patchbay.api.runtime.FolderModule;
import dev.patchbay.api.runtime.ModuleKind;
import dev.patchbay.llm.budget.BudgetLedger;
import dev.patchbay.llm.budget.Budgets;
import dev.patchbay.llm.config.LlmConfig;
import dev.patchbay.llm.config.LlmConfigReader;
import dev.patchbay.llm.guard.Injection;
import dev.patchbay.llm.journal.CallJournal;
import dev.patchbay.llm.model.Models;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Makes modules of prompts: the section `llm` of `module.yaml`, and of `patchbay.yaml` the providers they ask.
public final class LlmKind implements ModuleKind {

    private final Clock clock;
    private final Budgets budgets;
    private final Injection injection = new Injection();
    private final Set<Use> uses = ConcurrentHashMap.newKeySet();
    private volatile Models models = Models.NONE;
    private volatile @Nullable CallJournal journal;
    private volatile @Nullable BudgetLedger ledger;
    /// Where the ledger is if the config names no folder; null if the gateway keeps nothing.
    private volatile @Nullable Path data;

    /// That a module asks a model. Each instance of a version has its own: while one takes over from another, both ask.
    private static final class Use {
        private final String module;
        private final String model;

        private Use(String module, String model) {
            this.module = module;
            this.model = model;
        }
    }

    /// Makes the kind; the gateway does, by its service loader.
    public LlmKind() {
        this(Clock.systemUTC());
    }

    LlmKind(Clock clock) {
        this.clock = clock;
        this.budgets = new Budgets(clock);
    }

    @Override
    public String name() {
        return "llm";
    }

    @Override
    public void keepIn(Path folder) {
        data = folder;
    }

    @Override
    public Runnable configure(Map<String, Object> section) {
        LlmConfig next = LlmConfigReader.read(section);
        uses.stream()
                .filter(use -> !next.models().containsKey(use.model))
                .min(Comparator.comparing(use -> use.module))
                .ifPresent(use -> {
                    throw new IllegalArgumentException(
                            "models.%s: is missing, and %s asks it".formatted(use.model, use.module));
                });
        BudgetLedger nextLedger = ledger(next);
        return () -> {
            Models before = models;
            if (!next.equals(before.config())) {
                Models after = before.with(next, System::nanoTime);
                budgets.configure(next.budgets(), nextLedger);
                ledger = nextLedger;
                if (!Objects.equals(next.journal(), before.config().journal())) {
                    journal = next.journal() == null ? null : new CallJournal(next.journal());
                }
                models = after;
            }
        };
    }

    /// Opens the ledger that a config names or needs, unless it is open.
    private @Nullable BudgetLedger ledger(LlmConfig next) {
        BudgetLedger open = ledger;
        Path folder = next.ledger() == null ? data : Path.of(next.ledger());
        if (folder == null
                || (open == null && next.ledger() == null && next.budgets().isEmpty())) {
            return null;
        }
        return open != null && open.isIn(folder) ? open : BudgetLedger.open(folder, clock);
    }

    @Override
    public FolderModule read(Map<String, Object> section, Folder folder) {
        PromptReader.Read read = PromptReader.read(section, folder);
        Map<String, Object> response = read.response();
        return new FolderModule(
                read.request(),
                response == null ? Schemas.ANSWER : response,
                response == null ? Schemas.PART : null,
                Lane.IO,
                0,
                false,
                () -> new PromptModule(read.prompt(), this));
    }

    /// Notes that a module asks a model, so that no config takes it away.
    ///
    /// @return ends the note
    /// @throws IllegalArgumentException if there is no such model
    AutoCloseable use(String model, String module) {
        if (models.targets(model) == null) {
            throw new IllegalArgumentException(
                    "llm.model: there is no model '%s'; patchbay.yaml has under llm.models: %s"
                            .formatted(model, models.names().isEmpty() ? "none" : String.join(", ", models.names())));
        }
        Use use = new Use(module, model);
        uses.add(use);
        return () -> uses.remove(use);
    }

    Models models() {
        return models;
    }

    /// Gives where records are written; null if nowhere.
    @Nullable
    CallJournal journal() {
        return journal;
    }

    Injection injection() {
        return injection;
    }

    Budgets budgets() {
        return budgets;
    }

    @Override
    public void close() {
        models.close();
    }
}

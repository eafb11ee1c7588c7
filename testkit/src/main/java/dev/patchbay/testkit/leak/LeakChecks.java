package dev.patchbay.testkit.leak;

import dev.patchbay.core.leak.Holder;
import dev.patchbay.testkit.Chart;
import dev.patchbay.testkit.Check;
import dev.patchbay.testkit.Finding;
import dev.patchbay.testkit.TestPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Whether anything is left of a module that was loaded, warmed, asked and torn down again and again: class loaders,
/// threads, open files, memory. All checks look at one run, which the first of them makes.
public final class LeakChecks {

    /// Growth in a round below which the process breathes; what leaks once a round shows more.
    private static final double HEAP_BYTES = 128 << 10;

    private static final double RESIDENT_BYTES = 1 << 20;
    private static final double ONE = 0.9;
    private static final int MOST_NAMED = 5;
    private static final int FEWEST_FOR_GROWTH = 10;

    private final TestPlan plan;
    private final int rounds;
    private final List<JsonNode> requests;
    private @Nullable LeakRun run;

    private LeakChecks(TestPlan plan, int rounds, List<JsonNode> requests) {
        this.plan = plan;
        this.rounds = rounds;
        this.requests = requests;
    }

    /// Lists the checks.
    ///
    /// @param rounds how often the module is loaded
    /// @param requests valid ones, to ask in each round
    public static List<Check> of(TestPlan plan, int rounds, List<JsonNode> requests) {
        LeakChecks checks = new LeakChecks(plan, rounds, requests);
        return List.of(
                check("every class loader dies, %d times over".formatted(rounds), checks::loaders),
                check("its teardown succeeds", checks::teardown),
                check("leaves no thread behind", checks::threads),
                check("leaves no file open", checks::handles),
                check("leaves nothing on the heap", checks::heap),
                check("leaves no memory outside of the heap", checks::resident));
    }

    private static Check check(String name, Check.Body body) {
        return new Check(Check.Kind.LEAK, name, body);
    }

    private synchronized LeakRun run() throws InterruptedException {
        if (run == null) {
            run = LeakRun.of(plan, rounds, requests);
        }
        return run;
    }

    private Finding loaders() throws InterruptedException {
        LeakRun result = run();
        Chart metaspace = chart(result, "Metaspace after each round", "MB", step -> step.metaspace() / 1e6);
        if (result.survivors().isEmpty()) {
            return Finding.passed("%d class loaders, all of them collected".formatted(result.rounds()))
                    .with(List.of(metaspace));
        }
        StringBuilder text = new StringBuilder(
                "%d of %d class loaders are still there after teardown; each holds all classes and statics of the module until the process ends."
                        .formatted(result.survivors().size(), result.rounds()));
        List<Holder> holders = result.holders().values().stream()
                .flatMap(List::stream)
                .distinct()
                .toList();
        if (holders.isEmpty()) {
            text.append(
                    "\nNo path from a root to them was found. Some holders cannot be seen in a heap dump: a ClassValue on a class of the JDK, a native handle, an upcall stub");
        }
        List<String> told = new ArrayList<>();
        for (Holder holder : holders) {
            if (!told.contains(holder.words())) {
                told.add(holder.words());
                text.append("\nheld by ")
                        .append(holder.words())
                        .append("\n  → ")
                        .append(holder.remedy());
                holder.path().forEach(step -> text.append("\n    ").append(step));
            }
        }
        return Finding.failed(text.toString()).with(List.of(metaspace));
    }

    private Finding teardown() throws InterruptedException {
        LeakRun result = run();
        return result.teardowns().isEmpty()
                ? Finding.passed("")
                : Finding.failed(
                        "%d of %d teardowns failed, so that nothing after that place was given back. The first: %s"
                                .formatted(
                                        result.teardowns().size(),
                                        result.rounds(),
                                        result.teardowns().getFirst()));
    }

    private Finding threads() throws InterruptedException {
        LeakRun result = run();
        double slope = slope(result, LeakRun.Step::threads);
        if (slope < ONE) {
            return Finding.passed("");
        }
        String names = result.newThreads().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(MOST_NAMED)
                .map(entry -> entry.getValue() == 1 ? entry.getKey() : entry.getValue() + " × " + entry.getKey())
                .collect(Collectors.joining(", "));
        return Finding.failed(
                        "%.1f threads more in each round: %s. Take executors and schedulers from the context, or end your own in teardown"
                                .formatted(slope, names))
                .with(List.of(chart(result, "Threads after each round", "threads", LeakRun.Step::threads)));
    }

    private Finding handles() throws InterruptedException {
        LeakRun result = run();
        if (result.steps().getFirst().handles() < 0) {
            return Finding.skipped("this system does not tell how many files a process has open");
        }
        double slope = slope(result, LeakRun.Step::handles);
        return slope < ONE
                ? Finding.passed("")
                : Finding.failed(
                                "%.1f open files or sockets more in each round. Close them in teardown, or give them to context.own(…)"
                                        .formatted(slope))
                        .with(List.of(chart(result, "Open files after each round", "files", LeakRun.Step::handles)));
    }

    private Finding heap() throws InterruptedException {
        LeakRun result = run();
        return memory(
                result,
                HEAP_BYTES,
                "Heap after each round and a collection",
                LeakRun.Step::heap,
                "Something outside of the module, such as a cache or a listener list of the JDK, grows with each load");
    }

    private Finding resident() throws InterruptedException {
        LeakRun result = run();
        if (result.steps().getFirst().resident() < 0) {
            return Finding.skipped("this system does not tell how much memory a process has");
        }
        return memory(
                result,
                RESIDENT_BYTES,
                "Memory of the process after each round",
                LeakRun.Step::resident,
                "Close arenas, direct buffers, sessions and tensors in teardown, or take models from the context, which closes them");
    }

    private static Finding memory(
            LeakRun result, double most, String title, ToDoubleFunction<LeakRun.Step> bytes, String remedy) {
        if (result.steps().size() < FEWEST_FOR_GROWTH) {
            return Finding.skipped("%d rounds are too few to tell growth from chance; it takes %d"
                    .formatted(result.steps().size(), FEWEST_FOR_GROWTH));
        }
        double slope = slope(result, bytes);
        Chart chart = chart(result, title, "MB", step -> bytes.applyAsDouble(step) / 1e6);
        String each = String.format(Locale.ROOT, "%.2f MB", slope / 1e6);
        return slope < most
                ? Finding.passed(each + " a round").with(List.of(chart))
                : Finding.failed("%s more in each round. %s".formatted(each, remedy))
                        .with(List.of(chart));
    }

    private static Chart chart(LeakRun result, String title, String unit, ToDoubleFunction<LeakRun.Step> value) {
        return new Chart(
                title,
                unit,
                "round",
                List.of(),
                result.steps().stream().map(value::applyAsDouble).toList());
    }

    /// The growth per round over the second half, when everything that is made once is there: the median of the
    /// slopes of all pairs ([Theil and Sen](https://doi.org/10.1080/01621459.1968.10480934)), which a single
    /// collection or a late compilation does not sway.
    static double slope(LeakRun result, ToDoubleFunction<LeakRun.Step> value) {
        List<LeakRun.Step> steps =
                result.steps().subList(result.steps().size() / 2, result.steps().size());
        List<Double> slopes = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            for (int j = i + 1; j < steps.size(); j++) {
                slopes.add((value.applyAsDouble(steps.get(j)) - value.applyAsDouble(steps.get(i))) / (j - i));
            }
        }
        slopes.sort(null);
        return slopes.isEmpty() ? 0 : slopes.get(slopes.size() / 2);
    }
}

package dev.patchbay.testkit.leak;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.patchbay.core.leak.Holder;
import dev.patchbay.core.leak.LeakWatch;
import dev.patchbay.core.leak.Survivor;
import dev.patchbay.core.telemetry.EventLog;
import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.TestGateway;
import dev.patchbay.testkit.TestPlan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What is left of a module that was loaded, warmed, asked and torn down a number of times.
///
/// @param steps what the process had after each round, after a collection
/// @param rounds how often the module was loaded
/// @param survivors names of its class loaders that are still there
/// @param holders what holds them, for a few of them
/// @param teardowns what was told of teardowns that failed
/// @param newThreads threads that were not there before: name, with `…` for numbers in it → how many
record LeakRun(
        List<Step> steps,
        int rounds,
        List<String> survivors,
        Map<String, List<Holder>> holders,
        List<String> teardowns,
        Map<String, Long> newThreads) {

    private static final int MOST_EXPLAINED = 2;
    private static final int CALLS_A_ROUND = 20;
    private static final int SECOND_LOOKS = 5;

    /// What the process has at one moment. Bytes; a negative number if the system does not tell.
    record Step(long heap, long metaspace, long resident, int threads, long handles) {}

    /// Runs the rounds in a gateway of their own.
    ///
    /// @param requests valid ones, to ask in each round
    static LeakRun of(TestPlan plan, int rounds, List<JsonNode> requests) throws InterruptedException {
        List<Step> steps = new ArrayList<>();
        try (TestGateway gateway = TestGateway.start(plan.config())) {
            for (Path companion : plan.companions()) {
                gateway.deploy(companion);
            }
            // what the host starts with its first module is not the module's
            round(gateway, plan, requests);
            gateway.leaks().decide();
            Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
            for (int i = 0; i < rounds; i++) {
                round(gateway, plan, requests);
                steps.add(step());
            }
            LeakWatch watch = gateway.leaks();
            settle(watch);
            List<String> survivors =
                    watch.survivors().stream().map(Survivor::name).toList();
            return new LeakRun(
                    List.copyOf(steps),
                    rounds + 1,
                    survivors,
                    survivors.isEmpty()
                            ? Map.of()
                            : watch.holders(survivors.subList(0, Math.min(MOST_EXPLAINED, survivors.size()))),
                    gateway.events().stream()
                            .filter(event -> event.kind().equals("teardown-failed"))
                            .map(EventLog.Event::message)
                            .toList(),
                    newThreads(before));
        }
    }

    /// Waits until what still dies has died: the thread of the gateway that tore a module down may itself be late.
    @SuppressWarnings("PMD.DoNotCallGarbageCollectionExplicitly")
    private static void settle(LeakWatch watch) throws InterruptedException {
        watch.decide();
        for (int i = 0; i < SECOND_LOOKS && !watch.survivors().isEmpty(); i++) {
            Thread.sleep(300);
            System.gc();
        }
    }

    private static void round(TestGateway gateway, TestPlan plan, List<JsonNode> requests) throws InterruptedException {
        RunningModule module = gateway.deploy(plan.project().artifact());
        for (int i = 0; i < CALLS_A_ROUND && !requests.isEmpty(); i++) {
            module.ask(requests.get(i % requests.size()));
        }
        gateway.retire(module);
    }

    @SuppressWarnings("PMD.DoNotCallGarbageCollectionExplicitly")
    private static Step step() {
        System.gc();
        return new Step(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                metaspace(),
                resident(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                        ? unix.getOpenFileDescriptorCount()
                        : -1);
    }

    private static long metaspace() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage)
                .mapToLong(usage -> usage == null ? -1 : usage.getUsed())
                .findFirst()
                .orElse(-1);
    }

    /// Reads what Linux says about this process.
    private static long resident() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return -1;
        }
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
        return -1;
    }

    private static Map<String, Long> newThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .collect(Collectors.groupingBy(
                        thread -> thread.getName().replaceAll("\\d+", "…"), Collectors.counting()));
    }
}

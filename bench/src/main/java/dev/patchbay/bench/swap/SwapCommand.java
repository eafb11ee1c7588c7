package dev.patchbay.bench.swap;

import dev.patchbay.bench.load.LoadPlan;
import dev.patchbay.bench.load.LoadReport;
import dev.patchbay.bench.load.LoadRun;
import dev.patchbay.bench.load.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "swap",
        mixinStandardHelpOptions = true,
        description =
                "Changes the version of a task again and again under load; fails if a call is lost, meets a teardown, or a version leaks.")
final class SwapCommand implements Callable<Integer> {
    private static final Path HOME = Path.of(System.getProperty("bench.home", "bench"));

    @Option(
            names = "--model",
            defaultValue = "fraud",
            description =
                    "fraud, heavy, or the flower classifier as flower-onnx, flower-pmml, flower-torchscript, flower-tensorflow, flower-python; engines are added by `patchbay runtime add`.")
    private String model = "fraud";

    @Option(names = "--models", description = "The folder of the model files (default: bench/models).")
    private Path models = HOME.resolve("models");

    @Option(names = "--changes", defaultValue = "50")
    private int changes;

    @Option(names = "--connections", defaultValue = "8")
    private int connections;

    @Option(names = "--rate", description = "Calls per second; without it every connection sends at once.")
    private @Nullable Double rate;

    @Option(names = "--pause", defaultValue = "0.2", description = "Seconds between two changes.")
    private double pause;

    @Option(
            names = "--before",
            defaultValue = "5",
            description =
                    "Seconds to measure before the changes. The longest of many calls is longer than that of few: "
                            + "to compare, give it as long as the changes take.")
    private double before;

    @Option(names = "--java-options", defaultValue = "-Xmx512m", description = "Of the gateway.")
    private String javaOptions = "-Xmx512m";

    @Option(names = "--picture", description = "Draw the process's footprint into this SVG file.")
    private @Nullable Path picture;

    @Option(names = "--json")
    private boolean json;

    public static void main(String[] args) {
        System.exit(new CommandLine(new SwapCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, TimeoutException {
        if (!SwapModel.names().contains(model)) {
            System.err.printf("There is no model '%s'; there are %s%n", model, SwapModel.names());
            return 2;
        }
        SwapModel swapped = SwapModel.named(model, models, HOME.resolve("../runtimes/agreement/src/test/models"));
        Path work = Files.createTempDirectory("patchbay-swap-");
        Path launcher = HOME.resolve("../patchbay");
        System.err.println("starting the gateway; its log is in " + work);
        try (SwappedGateway gateway = SwappedGateway.start(work, launcher, javaOptions, swapped)) {
            SwapReport report = measure(gateway, swapped);
            if (picture != null) {
                Files.writeString(picture, SwapPicture.draw(report));
            }
            System.out.print(json ? JsonMapper.shared().writeValueAsString(report) : report.table());
            if (report.leaked() > 0) {
                System.out.println("held by  " + gateway.holders());
            }
            return report.load().failures() == 0
                            && report.afterTeardown() == 0
                            && report.alive()
                            && report.leaked() == 0
                    ? 0
                    : 1;
        }
    }

    private SwapReport measure(SwappedGateway gateway, SwapModel swapped)
            throws IOException, InterruptedException, TimeoutException {
        VersionCheck check = new VersionCheck(swapped);
        Pace pace = rate == null ? new Pace.Closed() : new Pace.Open(rate);
        LoadPlan plan = LoadPlan.of(gateway.target(), swapped.request())
                .over(connections, pace, Duration.ofDays(1))
                .counting("inference-version", check);
        System.err.println("warming up");
        LoadRun.start(plan.over(connections, pace, Duration.ofSeconds(5))).await();
        LoadReport quiet = LoadRun.start(plan.over(connections, pace, Duration.ofMillis((long) (before * 1000))))
                .await();
        List<Footprint> footprints = new ArrayList<>(List.of(Footprint.of(gateway, 0)));
        LoadReport load;
        try (LoadRun run = LoadRun.start(plan)) {
            for (int change = 1; change <= changes; change++) {
                Thread.sleep((long) (pause * 1000));
                int now = change;
                gateway.change(change, () -> check.inForce(now));
                footprints.add(Footprint.of(gateway, change));
                if (change % Math.max(1, changes / 20) == 0) {
                    System.err.printf(
                            "change %d of %d, RSS %.0f MB%n",
                            change, changes, footprints.getLast().rss());
                }
            }
            load = run.stop();
        }
        return new SwapReport(
                swapped.name(),
                changes,
                quiet,
                load,
                footprints,
                gateway.afterTeardown(),
                leakedAtLast(gateway),
                gateway.server().isAlive());
    }

    /// The collector may need a while for the last version.
    private static long leakedAtLast(SwappedGateway gateway) throws IOException, InterruptedException {
        long leaked = gateway.leaked();
        for (int i = 0; i < 100 && leaked > 0; i++) {
            Thread.sleep(100);
            leaked = gateway.leaked();
        }
        return leaked;
    }
}

package dev.patchbay.bench.llm;

import dev.patchbay.bench.load.ServerProcess;
import dev.patchbay.bench.load.ServerUsage;
import dev.patchbay.llm.fake.FakeProvider;
import dev.patchbay.llm.fake.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Streams of a fake provider, asked for directly and through gateways, in turns: the time to the first token, one call
/// at a time, and the CPU time of each gateway, several at a time. Everybody is asked in OpenAI's protocol.
@Command(
        name = "llm",
        mixinStandardHelpOptions = true,
        description = "First token and CPU per streamed chat call, beside nginx and the Portkey gateway.")
final class LlmCommand implements Callable<Integer> {

    private static final Path HOME = Path.of(System.getProperty("bench.home", "bench"));

    private static final int PACED_TOKENS = 5;
    /// Calls of a turn while a lane is warmed up, and all of them at least.
    private static final int WARM_UP_TURN = 1000;

    private static final int LEAST_CALLS = 2000;
    /// Of a core, for a turn.
    private static final double COMPILER_RESTS = 0.03;

    @Option(names = "--tokens", defaultValue = "100", description = "Of an answer, an event each.")
    private int tokens;

    @Option(names = "--calls", defaultValue = "300", description = "One at a time, to each, for the first token.")
    private int calls;

    @Option(
            names = "--pace",
            defaultValue = "3",
            description = "Milliseconds before each token while the first one is measured, so that it is not raced.")
    private long pace;

    @Option(names = "--rounds", defaultValue = "3", description = "Turns of the CPU part.")
    private int rounds;

    @Option(names = "--load", defaultValue = "600", description = "Calls of a turn.")
    private int load;

    @Option(
            names = "--warmup",
            defaultValue = "60",
            description =
                    "Seconds of load on each before measuring, at most: it ends when the server's compiler rests.")
    private double warmup;

    @Option(names = "--streams", defaultValue = "8", description = "At a time, in the CPU part.")
    private int streams;

    @Option(names = "--java-options", defaultValue = "-Xmx512m", description = "Of Patchbay's JVM.")
    private String javaOptions = "";

    @Option(names = "--slow", defaultValue = "1000", description = "Slow streams at a time; 0 for none.")
    private int slow;

    @Option(names = "--slow-seconds", defaultValue = "15", description = "How long a slow stream takes.")
    private long slowSeconds;

    @Option(names = "--leave", defaultValue = "50", description = "Streams whose client leaves; 0 for none.")
    private int leave;

    @Option(names = "--nginx", description = "The nginx program.")
    private @Nullable Path nginx;

    @Option(names = "--portkey", description = "The folder of the npm package @portkey-ai/gateway.")
    private @Nullable Path portkey;

    @Option(names = "--portkey-require", description = "A file that node loads before it, for what the gateway misses.")
    private @Nullable Path portkeyRequire;

    private static String words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    }

    /// Someone who answers.
    ///
    /// @param pids of its processes; none for the provider itself
    private record Lane(String name, URI target, Map<String, String> headers, List<Long> pids) {

        double cpuSeconds() {
            return pids.stream()
                    .mapToDouble(pid -> ServerUsage.of(pid).cpuSeconds())
                    .sum();
        }
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new LlmCommand()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path work = Files.createTempDirectory("patchbay-llm-");
        List<Process> started = new ArrayList<>();
        try (FakeProvider provider = FakeProvider.start(request -> Reply.text(words(tokens)));
                HangingProvider hanging = HangingProvider.start()) {
            List<Lane> lanes = new ArrayList<>();
            lanes.add(new Lane("direct", provider.url().resolve("/v1/chat/completions"), Map.of(), List.of()));
            Lane patchbay = patchbay(provider, hanging, work, started);
            lanes.add(patchbay);
            if (nginx != null) {
                lanes.add(nginx(nginx, provider, work, started));
            }
            if (portkey != null) {
                lanes.add(portkey(provider, work, started));
            }
            int broken = measure(provider, lanes);
            SlowStreams streamed =
                    new SlowStreams(patchbay.target(), patchbay.pids().getFirst());
            if (leave > 0) {
                streamed.leave(hanging, leave);
            }
            if (slow > 0) {
                Reply paced = Reply.text(words(tokens)).paced(Duration.ofMillis(slowSeconds * 1000 / tokens));
                provider.answering(request -> paced);
                broken += streamed.hold(slow, tokens, slowSeconds);
            }
            return broken == 0 ? 0 : 1;
        } finally {
            started.forEach(process -> {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
            });
        }
    }

    private int measure(FakeProvider provider, List<Lane> lanes) throws Exception {
        for (Lane lane : lanes) {
            await(lane);
            warmUp(lane);
        }
        Map<String, List<Long>> first = new LinkedHashMap<>();
        int broken = 0;
        Reply paced = Reply.text(words(PACED_TOKENS)).paced(Duration.ofMillis(pace));
        provider.answering(request -> paced);
        for (int i = 0; i < calls; i++) {
            for (Lane lane : lanes) {
                StreamedCall.Took took = StreamedCall.ask(lane.target(), lane.headers());
                broken += took.tokens() == PACED_TOKENS && took.ended() ? 0 : 1;
                first.computeIfAbsent(lane.name(), name -> new ArrayList<>()).add(took.firstNanos());
            }
        }
        Reply atOnce = Reply.text(words(tokens));
        provider.answering(request -> atOnce);
        Map<String, List<Double>> cpu = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Lane lane : lanes) {
                double before = lane.cpuSeconds();
                broken += many(lane, load);
                cpu.computeIfAbsent(lane.name(), name -> new ArrayList<>())
                        .add((lane.cpuSeconds() - before) * 1e6 / load);
            }
        }
        System.out.println("| | first token p50 | p95 | later than direct (p50) | CPU per call |");
        System.out.println("|---|---|---|---|---|");
        long direct = quantile(first.getOrDefault("direct", List.of()), 0.5);
        for (Lane lane : lanes) {
            List<Long> firsts = first.getOrDefault(lane.name(), List.of());
            System.out.printf(
                    "| %s | %.2f ms | %.2f ms | %.2f ms | %s |%n",
                    lane.name(),
                    quantile(firsts, 0.5) / 1e6,
                    quantile(firsts, 0.95) / 1e6,
                    (quantile(firsts, 0.5) - direct) / 1e6,
                    lane.pids().isEmpty()
                            ? ""
                            : "%.0f µs"
                                    .formatted(cpu.getOrDefault(lane.name(), List.of()).stream()
                                            .sorted()
                                            .toList()
                                            .get(rounds / 2)));
        }
        System.out.printf("%d of %d streams were not whole%n", broken, lanes.size() * (calls + rounds * load));
        return broken;
    }

    /// Loads a lane until its compiler rests, and with no fewer calls than any other: before, most of what a stream
    /// costs
    /// may be compiling. Of a process that is no JVM nobody knows when it compiles.
    private void warmUp(Lane lane) throws Exception {
        double warmed = 0;
        double compiled = 1;
        int calls = 0;
        while (warmed < warmup && (calls < LEAST_CALLS || compiled > COMPILER_RESTS)) {
            double before = compilerSeconds(lane);
            long from = System.nanoTime();
            many(lane, WARM_UP_TURN);
            double took = (System.nanoTime() - from) / 1e9;
            compiled = (compilerSeconds(lane) - before) / took;
            warmed += took;
            calls += WARM_UP_TURN;
        }
        System.err.printf(
                Locale.ROOT,
                "warmed up %s with %d streams in %.0f s; its compiler takes %.0f %% of a core%n",
                lane.name(),
                calls,
                warmed,
                compiled * 100);
    }

    private static double compilerSeconds(Lane lane) {
        return lane.pids().stream().mapToDouble(ServerUsage::compilerSeconds).sum();
    }

    /// @return how many streams were not whole
    private int many(Lane lane, int count) throws Exception {
        int broken = 0;
        try (ExecutorService callers = Executors.newFixedThreadPool(streams)) {
            List<Future<StreamedCall.Took>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(callers.submit(() -> StreamedCall.ask(lane.target(), lane.headers())));
            }
            for (Future<StreamedCall.Took> each : all) {
                broken += each.get().tokens() == tokens && each.get().ended() ? 0 : 1;
            }
        }
        return broken;
    }

    private static void await(Lane lane) throws Exception {
        for (int i = 0; ; i++) {
            try {
                if (StreamedCall.ask(lane.target(), lane.headers()).ended()) {
                    return;
                }
            } catch (IOException e) {
                if (i == 240) {
                    throw e;
                }
            }
            if (i == 240) {
                throw new IOException(lane.name() + " answers with no stream");
            }
            Thread.sleep(250);
        }
    }

    private static long quantile(List<Long> values, double share) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) (share * (sorted.size() - 1)));
    }

    private static Process start(List<String> command, Path log, List<Process> started) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        started.add(process);
        return process;
    }

    private Lane patchbay(FakeProvider provider, HangingProvider hanging, Path work, List<Process> started)
            throws IOException {
        Path folder = work.resolve("served");
        for (String task : List.of("ask", "hang")) {
            Path prompt = Files.createDirectories(folder.resolve("modules/" + task));
            Files.writeString(
                    prompt.resolve("module.yaml"),
                    "task: %s\nversion: 1.0.0\nowner: bench\nllm: {model: %s}\n".formatted(task, task));
        }
        Files.writeString(folder.resolve("patchbay.yaml"), """
                llm:
                  providers: {fake: {url: "%s"}, hanging: {url: "%s"}}
                  models: {ask: {provider: fake, model: tiny}, hang: {provider: hanging, model: tiny}}
                inference:
                  ask: {default_version: 1.0.0, limits: {concurrency: 2000, timeout: 60s}}
                  hang: {default_version: 1.0.0}
                """.formatted(provider.url(), hanging.url()));
        int port = ServerProcess.freePort();
        Process process = start(
                List.of(
                        "env",
                        "PATCHBAY_JAVA_OPTIONS=" + javaOptions,
                        HOME.resolve("../patchbay").toString(),
                        "serve",
                        folder.toString(),
                        "--port",
                        Integer.toString(port),
                        "--admin-port",
                        Integer.toString(ServerProcess.freePort())),
                work.resolve("patchbay.log"),
                started);
        return new Lane(
                "Patchbay",
                URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"),
                Map.of(),
                List.of(process.pid()));
    }

    private static Lane nginx(Path program, FakeProvider provider, Path work, List<Process> started)
            throws IOException {
        int port = ServerProcess.freePort();
        Path config = Files.writeString(work.resolve("nginx.conf"), """
                daemon off; master_process off; pid %s/nginx.pid; error_log stderr;
                events {}
                http {
                  access_log off; client_body_temp_path %s; proxy_temp_path %s;
                  upstream provider { server 127.0.0.1:%d; keepalive 16; }
                  server {
                    listen 127.0.0.1:%d;
                    location / {
                      proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection "";
                      proxy_buffering off;
                    }
                  }
                }
                """.formatted(
                        work, work, work, provider.url().getPort(), port));
        Process process = start(
                List.of(program.toString(), "-c", config.toString(), "-p", work.toString()),
                work.resolve("nginx.log"),
                started);
        return new Lane(
                "nginx",
                URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"),
                Map.of(),
                List.of(process.pid()));
    }

    private Lane portkey(FakeProvider provider, Path work, List<Process> started) throws IOException {
        int port = ServerProcess.freePort();
        List<String> command = new ArrayList<>(List.of("node"));
        if (portkeyRequire != null) {
            command.addAll(List.of("--require", portkeyRequire.toAbsolutePath().toString()));
        }
        command.addAll(List.of(
                Objects.requireNonNull(portkey).resolve("build/start-server.js").toString(),
                "--headless",
                "--port=" + port));
        Process process = start(command, work.resolve("portkey.log"), started);
        return new Lane(
                "Portkey gateway",
                URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"),
                Map.of(
                        "authorization",
                        "Bearer none",
                        "x-portkey-provider",
                        "openai",
                        "x-portkey-custom-host",
                        provider.url().toString()),
                List.of(process.pid()));
    }
}

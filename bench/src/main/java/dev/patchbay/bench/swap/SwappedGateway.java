package dev.patchbay.bench.swap;

import dev.patchbay.bench.load.Answer;
import dev.patchbay.bench.load.Connection;
import dev.patchbay.bench.load.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A gateway that serves one task, and an operator at its folder.
final class SwappedGateway implements AutoCloseable {
    static final String TASK = "swapped";
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    private final Path folder;
    private final SwapModel model;
    private final URI admin;
    private final URI target;
    private final ServerProcess server;

    private SwappedGateway(Path folder, SwapModel model, URI target, URI admin, ServerProcess server) {
        this.folder = folder;
        this.model = model;
        this.target = target;
        this.admin = admin;
        this.server = server;
    }

    static SwappedGateway start(Path work, Path launcher, String javaOptions, SwapModel model)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(work.resolve("serve"));
        Files.createDirectories(folder.resolve("modules"));
        publish(folder, model, 0);
        route(folder, 0);
        int port = ServerProcess.freePort();
        int adminPort = ServerProcess.freePort();
        URI target = URI.create("http://127.0.0.1:" + port + "/v1/inference/" + TASK);
        List<String> command = List.of(
                "env",
                "PATCHBAY_JAVA_OPTIONS=" + javaOptions,
                launcher.toString(),
                "serve",
                folder.toString(),
                "--port",
                Integer.toString(port),
                "--admin-port",
                Integer.toString(adminPort));
        ServerProcess server = ServerProcess.start("patchbay", command, target, model.request(), work);
        return new SwappedGateway(folder, model, target, URI.create("http://127.0.0.1:" + adminPort), server);
    }

    URI target() {
        return target;
    }

    ServerProcess server() {
        return server;
    }

    static String version(int change) {
        return "1.0." + change;
    }

    /// Brings a new version, gives it all calls, and takes the one before away; returns when that one is gone.
    ///
    /// @param inForce told once every call that starts is answered by the new version
    void change(int change, Runnable inForce) throws IOException, InterruptedException, TimeoutException {
        publish(folder, model, change);
        await(version(change) + " to be ready", () -> state(change).equals("ready"));
        route(folder, change);
        await("calls to reach " + version(change), () -> version(change).equals(answeringVersion()));
        inForce.run();
        remove(module(folder, change - 1));
        await(version(change - 1) + " to be gone", () -> isOver(state(change - 1)));
    }

    private static boolean isOver(String state) {
        return state.equals("gone") || state.equals("none");
    }

    private static Path module(Path folder, int change) {
        return folder.resolve("modules").resolve(TASK + "-" + version(change));
    }

    private static void publish(Path folder, SwapModel model, int change) throws IOException {
        Path building = Files.createDirectories(folder.resolve("building"));
        model.write(building, TASK, version(change), change);
        Files.writeString(building.resolve("module.sha256"), digests(building));
        Files.move(building, module(folder, change), StandardCopyOption.ATOMIC_MOVE);
    }

    /// What `sha256sum` says: with it the gateway need not wait to see whether the folder still grows.
    private static String digests(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                lines.append(HexFormat.of().formatHex(digest))
                        .append("  ")
                        .append(folder.relativize(file))
                        .append('\n');
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        return lines.toString();
    }

    private static void route(Path folder, int change) throws IOException {
        Path next = folder.resolve("patchbay.yaml.next");
        Files.writeString(next, """
                inference:
                  %s:
                    default_version: "%s"
                """.formatted(TASK, version(change)));
        Files.move(
                next,
                folder.resolve("patchbay.yaml"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void remove(Path directory) throws IOException {
        // first out of sight: a half-deleted module is no module
        Path away = directory.resolveSibling("." + directory.getFileName());
        Files.move(directory, away, StandardCopyOption.ATOMIC_MOVE);
        try (Stream<Path> files = Files.walk(away)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// Asked of the admin side: a call of its own would be one more that the model has to answer.
    private String answeringVersion() throws IOException {
        Answer explained = admin("POST", "/admin/v1/explain", "{\"task\": \"%s\"}".formatted(TASK));
        return JsonMapper.shared().readTree(explained.body()).path("version").asString("none");
    }

    private String state(int change) throws IOException {
        String state = "none";
        for (JsonNode module : get("/admin/v1/modules").path("modules")) {
            if (module.path("version").asString("").equals(version(change))) {
                state = module.path("state").asString();
                if (state.equals("failed")) {
                    throw new IOException(
                            version(change) + " failed: " + module.path("cause").asString());
                }
            }
        }
        return state;
    }

    /// How many retired versions are still in memory, by the gateway's own account.
    long leaked() throws IOException {
        return (long) metric("patchbay_modules_leaked");
    }

    /// How many calls met the teardown of their version: the gateway looks at the beginning and at the end of each.
    long afterTeardown() throws IOException {
        return (long) metric("patchbay_calls_after_teardown_total");
    }

    /// What holds them, as the gateway tells it.
    String holders() throws IOException {
        return admin("POST", "/admin/v1/leaks/explain", "{}").body();
    }

    /// The sum of the samples of a metric, which may go on with its first labels.
    double metric(String name) throws IOException {
        double sum = 0;
        for (String line : admin("/metrics").body().split("\n")) {
            if (line.startsWith(name)
                    && !Character.isLetterOrDigit(line.charAt(name.length()))
                    && line.charAt(name.length()) != (char) 95) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    private JsonNode get(String path) throws IOException {
        return JsonMapper.shared().readTree(admin(path).body());
    }

    private Answer admin(String path) throws IOException {
        return admin("GET", path, "");
    }

    private Answer admin(String method, String path, String body) throws IOException {
        try (Connection connection = Connection.open(admin)) {
            return connection.call(Connection.request(method, admin.resolve(path), Map.of(), body));
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(String what, Condition condition)
            throws IOException, InterruptedException, TimeoutException {
        long end = System.nanoTime() + AT_MOST.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("waited " + AT_MOST.toSeconds() + " s for " + what);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}

package dev.patchbay.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Takes a version out of service that nobody uses any more, and waits until its memory is free.
@Command(
        name = "retire",
        description =
                "Take a version out of service: drain, tear down, unload. Its artifact is kept in modules/.retired.",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  it is gone",
            "  1  refused: it is still used",
            "  3  calls inside do not end, or something holds its memory"
        },
        mixinStandardHelpOptions = true)
final class RetireCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofMinutes(2);
    private static final Duration UNLOAD = Duration.ofSeconds(20);
    private static final long PERIOD_MILLIS = 100;

    @Parameters(index = "0", paramLabel = "TASK", description = "The task.")
    private String task = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "The version.")
    private String version = "";

    @Option(names = "--force", description = "Also if it was called within the last hour. Not while a rule names it.")
    private boolean force;

    @Option(names = "--undo", description = "Put the artifact of a retired version back.")
    private boolean undo;

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Client client = Objects.requireNonNull(patchbay).client();
        String path = "/admin/v1/modules/%s/%s".formatted(task, version);
        if (undo) {
            client.post(path + "/restore", Client.JSON.createObjectNode());
            await(client, "ready"::equals);
            out.printf("✔ %s %s is ready again%n", task, version);
            out.flush();
            return ExitCode.DONE;
        }
        if (!force) {
            refuseIfCalled(client);
        }
        client.delete(path);
        JsonNode module = await(client, state -> state.equals("gone") || state.equals("quarantined"));
        if (module.path("state").asString("").equals("quarantined")) {
            throw new CommandFailed(
                    ExitCode.CHECK_NOT_PASSED,
                    "%s %s gets no calls any more, but is not torn down: %s"
                            .formatted(task, version, module.path("cause").asString("")));
        }
        return unloaded(client, out);
    }

    /// A version that no rule names may still be called by its number.
    private void refuseIfCalled(Client client) {
        for (JsonNode use : client.get("/admin/v1/usage?task=" + task).path("versions")) {
            if (use.path("version").asString("").equals(version)
                    && use.path("routed_by").isEmpty()
                    && use.path("calls").asLong(0) > 0
                    && !use.path("safe_to_retire").asBoolean(false)) {
                String tenants = use.path("tenants")
                        .valueStream()
                        .map(tenant -> "%s (%s calls)"
                                .formatted(
                                        tenant.path("tenant").asString("?"),
                                        tenant.path("calls").asString("?")))
                        .collect(Collectors.joining(", "));
                throw new CommandFailed(
                        ExitCode.FAILED,
                        "%s %s is not retired: %s%s. Who names it would get unknown-version; --force retires it all the same"
                                .formatted(
                                        task,
                                        version,
                                        use.path("retire").asString("").replaceFirst("^not yet: ", ""),
                                        tenants.isEmpty() ? "" : "; it was called by " + tenants));
            }
        }
    }

    private Integer unloaded(Client client, PrintWriter out) throws InterruptedException {
        String loader = "";
        for (long left = UNLOAD.toMillis(); left > 0; left -= PERIOD_MILLIS) {
            loader = latest(client).path("loader").asString("");
            if (!loader.equals("retired")) {
                break;
            }
            Thread.sleep(PERIOD_MILLIS);
        }
        out.printf("✔ %s %s is gone: no call was inside, it is torn down%n", task, version);
        out.println(
                switch (loader) {
                    case "unloaded" -> "✔ its classes are unloaded";
                    case "leaked" ->
                        "✖ something holds its memory: patchbay leaks %s %s --explain".formatted(task, version);
                    default ->
                        "◌ its memory is not free yet, which takes a gateway without traffic some minutes; `patchbay leaks` tells";
                });
        out.printf("  undo: patchbay retire %s %s --undo%n", task, version);
        out.flush();
        return loader.equals("leaked") ? ExitCode.CHECK_NOT_PASSED : ExitCode.DONE;
    }

    private JsonNode await(Client client, Predicate<String> wanted) throws InterruptedException {
        long end = System.nanoTime() + DRAIN.toNanos();
        JsonNode module = latest(client);
        while (!wanted.test(module.path("state").asString(""))) {
            if (System.nanoTime() - end > 0) {
                throw new CommandFailed(
                        ExitCode.FAILED,
                        "%s %s is still %s after %d s; `patchbay modules` shows what becomes of it"
                                .formatted(task, version, module.path("state").asString("?"), DRAIN.toSeconds()));
            }
            Thread.sleep(PERIOD_MILLIS);
            module = latest(client);
        }
        return module;
    }

    /// A version may have been gone before, and have come back.
    private JsonNode latest(Client client) {
        return client.get("/admin/v1/modules")
                .path("modules")
                .valueStream()
                .filter(module -> module.path("task").asString("").equals(task)
                        && module.path("version").asString("").equals(version))
                .max(Comparator.comparing(
                        module -> Instant.parse(module.path("since").asString(""))))
                .orElseGet(Client.JSON::createObjectNode);
    }
}

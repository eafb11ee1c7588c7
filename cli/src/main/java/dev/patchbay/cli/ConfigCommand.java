package dev.patchbay.cli;

import dev.patchbay.core.config.ConfigInvalid;
import dev.patchbay.core.config.ConfigParser;
import dev.patchbay.core.config.ConfigProblem;
import dev.patchbay.core.config.FileConfigSource;
import dev.patchbay.core.deploy.ModelRuntimes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks a config file without a gateway, and gives its schema to editors.
@Command(
        name = "config",
        description = "Check a patchbay.yaml, or print its JSON Schema.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ConfigCommand.Check.class, ConfigCommand.Schema.class})
final class ConfigCommand implements Runnable {

    @ParentCommand
    private @Nullable Patchbay patchbay;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "config needs one of: check, schema");
    }

    @Command(
            name = "check",
            description = "Check a file as a gateway reads it, but for the versions that there are.",
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {

        @Parameters(paramLabel = "FILE", description = "The file.")
        private Path file = Path.of("patchbay.yaml");

        @ParentCommand
        private @Nullable ConfigCommand config;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            List<ConfigProblem> problems = problems();
            if (Objects.requireNonNull(Objects.requireNonNull(config).patchbay).json) {
                ObjectNode answer = Client.JSON.createObjectNode();
                ArrayNode list = answer.putArray("problems");
                problems.forEach(problem -> list.addObject()
                        .put("path", problem.path())
                        .put("line", problem.line())
                        .put("column", problem.column())
                        .put("message", problem.message()));
                out.println(answer.toPrettyString());
            } else if (problems.isEmpty()) {
                out.println("✔ " + file + " holds together");
            } else {
                problems.forEach(problem -> out.println("✖ " + file + ": " + problem));
            }
            out.flush();
            return problems.isEmpty() ? ExitCode.DONE : ExitCode.CHECK_NOT_PASSED;
        }

        private List<ConfigProblem> problems() {
            try (ModelRuntimes runtimes = ModelRuntimes.installed()) {
                runtimes.check(ConfigParser.parse(new FileConfigSource(file).read(), runtimes.kindNames())
                        .config());
                return List.of();
            } catch (IllegalArgumentException e) {
                return List.of(new ConfigProblem("", 0, 0, String.valueOf(e.getMessage())));
            } catch (ConfigInvalid e) {
                return e.problems();
            } catch (NoSuchFileException e) {
                throw new CommandFailed(ExitCode.FAILED, "there is no file " + file);
            } catch (IOException e) {
                throw new CommandFailed(ExitCode.CHECK_NOT_PASSED, String.valueOf(e.getMessage()));
            }
        }
    }

    @Command(
            name = "schema",
            description = "Print the JSON Schema of patchbay.yaml, for editors.",
            mixinStandardHelpOptions = true)
    static final class Schema implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            out.print(ConfigParser.schema());
            out.flush();
            return ExitCode.DONE;
        }
    }
}

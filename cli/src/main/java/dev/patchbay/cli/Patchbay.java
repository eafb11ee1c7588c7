package dev.patchbay.cli;

import dev.patchbay.server.Product;
import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The `patchbay` command: one verb, its arguments, a result that tells what is true now.
@Command(
        name = "patchbay",
        description = "Inference gateway and module registry for the JVM",
        mixinStandardHelpOptions = true,
        versionProvider = Patchbay.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServeCommand.class,
            ModulesCommand.class,
            LeaksCommand.class,
            EventsCommand.class,
            RoutesCommand.class,
            ConfigCommand.class,
            ExplainCommand.class,
            TryCommand.class,
            NewCommand.class,
            TestCommand.class,
            PackageCommand.class,
            DeployCommand.class,
            RetireCommand.class,
            RollbackCommand.class,
            RolloutCommand.class,
            ShadowCommand.class,
            CacheCommand.class,
            HistoryCommand.class,
            UsageCommand.class,
            TopCommand.class,
            GuardCommand.class,
            ConformanceCommand.class,
            RuntimeCommand.class,
            DoctorCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  done",
            "  1  failed",
            "  2  wrong usage",
            "  3  a check did not pass, such as an invalid config",
            "  5  no gateway answers"
        })
public final class Patchbay {

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the API's own JSON instead of a table.")
    boolean json;

    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            defaultValue = "${env:PATCHBAY_SERVER:-http://127.0.0.1:8080}",
            description = "Where calls go (default: ${DEFAULT-VALUE}).")
    String server = "";

    @Option(
            names = "--admin",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            defaultValue = "${env:PATCHBAY_ADMIN:-http://127.0.0.1:8081}",
            description = "Where the admin API is (default: ${DEFAULT-VALUE}).")
    String admin = "";

    /// Runs the command and ends the process with its exit code.
    public static void main(String[] arguments) {
        int exitCode = run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments);
        if (exitCode >= 0) {
            System.exit(exitCode);
        }
    }

    /// Runs a command in this process.
    ///
    /// @return the exit code, as the help lists them
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commandLine = new CommandLine(new Patchbay())
                .setOut(out)
                .setErr(err)
                // an @ is for `try`: it names the file of a request
                .setExpandAtFiles(false);
        commandLine.setExecutionExceptionHandler((exception, command, result) -> {
            if (exception instanceof CommandFailed failed) {
                command.getErr().println(command.getColorScheme().errorText("error: " + failed.getMessage()));
                return failed.exitCode();
            }
            command.getErr().println("error: " + exception);
            return ExitCode.FAILED;
        });
        if (arguments.length == 0) {
            commandLine.usage(commandLine.getOut());
            return ExitCode.USAGE;
        }
        return commandLine.execute(arguments);
    }

    Client client() {
        return new Client(server, admin);
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Patchbay " + Product.VERSION + " · Java " + Runtime.version()};
        }
    }
}

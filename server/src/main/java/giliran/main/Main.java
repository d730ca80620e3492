package giliran.main;

import giliran.store.StoreException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The commands of {@code ./giliran}. */
@Command(
        name = "./giliran",
        description = "Giliran: vaccine appointments for a whole country.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            RunCommand.class,
            AuditCommand.class,
            ImportCommand.class,
            KeysCommand.class,
            ClientsCommand.class,
            PassesCommand.class,
            TrialCommand.Rehearse.class,
            TrialCommand.Torture.class,
            TrialCommand.Bench.class,
            TrialCommand.Plan.class,
            PeerCommand.class,
            CheckCommand.class,
            HelpCommand.class
        })
public final class Main implements Runnable {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** What a shell says of a command that Ctrl-C ended. */
    private static final int STOPPED = 130;

    @CommandLine.Spec private CommandSpec spec;

    Main() {
        // picocli sets the spec before anything else is called.
        spec = CommandSpec.create();
    }

    public static void main(String[] arguments) {
        int code = commandLine().execute(arguments);
        Logs.close();
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(
                        (misuse, parsed) -> {
                            tellMisuse(misuse);
                            return MISUSED;
                        })
                .setExecutionExceptionHandler(
                        (failure, commandLine, parsed) -> {
                            if (failure instanceof Opened.StoppedException) {
                                return STOPPED;
                            }
                            tell(commandLine.getErr(), failure);
                            return FAILED;
                        });
    }

    private static void tellMisuse(ParameterException misuse) {
        CommandLine commandLine = misuse.getCommandLine();
        boolean noSuchCommand =
                commandLine.getParent() == null
                        && misuse instanceof UnmatchedArgumentException unmatched
                        && !unmatched.isUnknownOption();
        PrintWriter err = commandLine.getErr();
        boolean hasCommands =
                commandLine.getParent() != null && !commandLine.getSubcommands().isEmpty();
        if (noSuchCommand) {
            err.println("giliran: there is no such command. ./giliran help lists them.");
        } else if (hasCommands) {
            err.println(
                    "giliran: "
                            + commandLine.getCommandName()
                            + " is followed by one of: "
                            + String.join(", ", commandLine.getSubcommands().keySet())
                            + ".");
        } else {
            err.println(
                    "giliran: "
                            + String.valueOf(misuse.getMessage()).replaceFirst("\\.+$", "")
                            + ". "
                            + commandLine.getCommandSpec().qualifiedName()
                            + " --help explains all options.");
        }
        err.flush();
    }

    /** One sentence; what an engineer needs beyond it is in the log file, if there is one yet. */
    private static void tell(PrintWriter err, Exception failure) {
        if (failure instanceof StoreException || failure instanceof CommandException) {
            err.println("giliran: " + failure.getMessage());
            Logs.fault("The command failed", failure);
        } else {
            Optional<Path> log = Logs.fault("A fault ended the command", failure);
            err.println(
                    "giliran: this is a fault in Giliran itself; please report it, with "
                            + log.map(file -> "the end of " + file).orElse("this:"));
            if (log.isEmpty()) {
                failure.printStackTrace(err);
            }
        }
        err.flush();
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The version that the jar was built as. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "Giliran "
                        + Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                                .orElse("from its sources")
            };
        }
    }
}

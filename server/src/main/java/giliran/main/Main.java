package giliran.main;

import giliran.store.StoreException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The commands of {@code ./giliran}. */
@Command(
        name = "./giliran",
        description = "Giliran: vaccine appointments for a whole country.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            AuditCommand.class,
            ImportCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "And done by the launcher itself:",
            "  check  Runs every check and test.",
        })
public final class Main implements Runnable {
    private static final int FAILED = 1;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    Main() {
        // picocli sets the spec before anything else is called.
        spec = CommandLine.Model.CommandSpec.create();
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(
                        (failure, commandLine, parsed) -> {
                            tell(commandLine.getErr(), failure);
                            return FAILED;
                        });
    }

    /** A failure of the world is told in its own sentence; any other is ours, and is told whole. */
    private static void tell(PrintWriter err, Exception failure) {
        if (failure instanceof StoreException || failure instanceof CommandException) {
            err.println("giliran: " + failure.getMessage());
        } else {
            err.println("giliran: this is a fault in Giliran itself; please report it:");
            failure.printStackTrace(err);
        }
        err.flush();
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}

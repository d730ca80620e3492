package giliran.rehearsal;

import giliran.bench.BenchCommand;
import giliran.capacity.PlanCommand;
import giliran.subject.Progress;
import giliran.subject.RehearsalException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The commands of {@code ./giliran} that do not run Giliran but try it. */
@Command(
        name = "./giliran",
        description = "Giliran, tried: simulated people over HTTP.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Rehearsal.Version.class,
        subcommands = {TortureCommand.class, BenchCommand.class, PlanCommand.class})
public final class Rehearsal implements Runnable {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    @CommandLine.Spec private CommandSpec spec;

    Rehearsal() {
        // picocli sets the spec before anything else is called.
        spec = CommandSpec.create();
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Rehearsal())
                .setParameterExceptionHandler(
                        (misuse, parsed) -> {
                            Progress.complain("giliran: " + misuse.getMessage());
                            return MISUSED;
                        })
                .setExecutionExceptionHandler(
                        (failure, commandLine, parsed) -> {
                            if (!(failure instanceof RehearsalException)) {
                                throw failure;
                            }
                            Progress.complain("giliran: " + failure.getMessage());
                            return FAILED;
                        });
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
                        + Optional.ofNullable(
                                        Rehearsal.class.getPackage().getImplementationVersion())
                                .orElse("from its sources")
            };
        }
    }
}

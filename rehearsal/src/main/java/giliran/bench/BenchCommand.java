package giliran.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures Giliran. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures Giliran over HTTP.",
        subcommands = {
            LedgerCommand.class,
            ReadsCommand.class,
            BookCommand.class,
            OfferCommand.class
        })
public final class BenchCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}

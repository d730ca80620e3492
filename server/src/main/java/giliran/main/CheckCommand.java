package giliran.main;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Is done by the launcher, which needs no built Giliran for it; here it is only explained. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Runs every check and test, and ends with a line that counts them.",
            "Exits with 0 if all passed."
        })
final class CheckCommand implements Callable<Integer> {
    @Option(names = "--long", description = "Also the tests that take minutes.")
    private boolean longTests;

    @Override
    public Integer call() {
        throw new CommandException(
                "The launcher does this, in a checkout of the sources: ./giliran check"
                        + (longTests ? " --long" : ""));
    }
}

package giliran.main;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Is a program of its own, which the launcher starts; here it is only listed. */
@Command(
        name = "torture",
        versionProvider = Main.Version.class,
        description = {
            "Kills a Giliran of its own again and again while simulated people book, and compares",
            "what they were told with what is there. ./giliran torture --help explains its options."
        })
final class TortureCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new CommandException("The launcher does this: ./giliran torture");
    }
}

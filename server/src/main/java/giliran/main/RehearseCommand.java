package giliran.main;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Is a program of its own, which the launcher starts; here it is only listed. */
@Command(
        name = "rehearse",
        versionProvider = Main.Version.class,
        description = {
            "Lets simulated people come to a Giliran of its own, as many as on the morning, and compares",
            "what each was told with what is there. ./giliran rehearse --help explains its options."
        })
final class RehearseCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new CommandException("The launcher does this: ./giliran rehearse");
    }
}

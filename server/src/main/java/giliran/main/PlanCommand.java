package giliran.main;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Is a program of its own, which the launcher starts; here it is only listed. */
@Command(
        name = "plan",
        versionProvider = Main.Version.class,
        description = {
            "Reckons what an opening asks for and what holds it, from people, places and what was",
            "measured. ./giliran plan --help names everything that it assumes."
        })
final class PlanCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new CommandException("The launcher does this: ./giliran plan");
    }
}

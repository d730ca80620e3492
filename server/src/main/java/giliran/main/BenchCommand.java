package giliran.main;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Is a program of its own, which the launcher starts; here it is only listed. */
@Command(
        name = "bench",
        versionProvider = Main.Version.class,
        description = {
            "Measures a Giliran of its own, over HTTP and against what others do.",
            "./giliran bench --help explains what it can measure."
        })
final class BenchCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new CommandException("The launcher does this: ./giliran bench");
    }
}

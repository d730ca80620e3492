package giliran.rehearsal;

import giliran.subject.Folders;
import giliran.subject.Progress;
import giliran.subject.RehearsalException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kills a Giliran of its own again and again while people book, and asks whether all is true. */
@Command(
        name = "torture",
        mixinStandardHelpOptions = true,
        versionProvider = Rehearsal.Version.class,
        description = {
            "Starts a Giliran, lets simulated people book, move and cancel, and kills it meanwhile:",
            "the server, its database or both. After each round everything that anybody was told is",
            "compared with what is there. Exits with 0 if every promise was kept."
        })
final class TortureCommand implements Callable<Integer> {
    private static final int BROKEN = 1;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many kills (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Chooses people, wishes and moments (default: at random; it is printed).")
    private @Nullable Long seed;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "An empty folder for its data, which is kept (default: a temporary one, kept"
                            + " only if a promise was broken).")
    private @Nullable Path data;

    @Override
    public Integer call() throws InterruptedException {
        if (rounds < 1) {
            throw new RehearsalException("--rounds must be 1 or more, not " + rounds + ".");
        }
        long chosen = seed == null ? new SecureRandom().nextLong() : seed;
        try (Torture torture =
                new Torture(
                        Folders.home(),
                        Folders.jar(),
                        Folders.dataFor(data),
                        chosen,
                        Progress::tell)) {
            boolean isTrue = torture.run(rounds);
            Progress.tell(torture.summary());
            if (!isTrue) {
                Progress.complain(
                        "giliran: promises were broken; the data stay in " + torture.data());
                return BROKEN;
            }
        }
        return CommandLine.ExitCode.OK;
    }
}

package giliran.main;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command of a program of its own, which the launcher starts; here it is only listed. */
@Command(versionProvider = Main.Version.class)
abstract class TrialCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new CommandException("The launcher does this: ./giliran " + spec.name());
    }

    @Command(
            name = "rehearse",
            description = {
                "Lets simulated people come to a Giliran of its own, as on the morning, and",
                "compares what each was told. ./giliran rehearse --help explains its options."
            })
    static final class Rehearse extends TrialCommand {}

    @Command(
            name = "torture",
            description = {
                "Kills a Giliran of its own again and again while simulated people book, and",
                "compares what they were told. ./giliran torture --help explains its options."
            })
    static final class Torture extends TrialCommand {}

    @Command(
            name = "bench",
            description = {
                "Measures a Giliran of its own, over HTTP and against what others do.",
                "./giliran bench --help explains what it can measure."
            })
    static final class Bench extends TrialCommand {}

    @Command(
            name = "plan",
            description = {
                "Reckons what an opening asks for and what holds it, from people, places and",
                "what was measured. ./giliran plan --help names everything that it assumes."
            })
    static final class Plan extends TrialCommand {}
}

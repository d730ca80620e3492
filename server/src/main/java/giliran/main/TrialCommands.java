package giliran.main;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Commands of a program of their own, which the launcher starts; here they are only listed. */
final class TrialCommands {
    private TrialCommands() {}

    private static CommandException elsewhere(String name) {
        return new CommandException("The launcher does this: ./giliran " + name);
    }

    @Command(
            name = "rehearse",
            versionProvider = Main.Version.class,
            description = {
                "Lets simulated people come to a Giliran of its own, as on the morning, and",
                "compares what each was told. ./giliran rehearse --help explains its options."
            })
    static final class Rehearse implements Callable<Integer> {
        @Override
        public Integer call() {
            throw elsewhere("rehearse");
        }
    }

    @Command(
            name = "torture",
            versionProvider = Main.Version.class,
            description = {
                "Kills a Giliran of its own again and again while simulated people book, and",
                "compares what they were told. ./giliran torture --help explains its options."
            })
    static final class Torture implements Callable<Integer> {
        @Override
        public Integer call() {
            throw elsewhere("torture");
        }
    }

    @Command(
            name = "bench",
            versionProvider = Main.Version.class,
            description = {
                "Measures a Giliran of its own, over HTTP and against what others do.",
                "./giliran bench --help explains what it can measure."
            })
    static final class Bench implements Callable<Integer> {
        @Override
        public Integer call() {
            throw elsewhere("bench");
        }
    }

    @Command(
            name = "plan",
            versionProvider = Main.Version.class,
            description = {
                "Reckons what an opening asks for and what holds it, from people, places and",
                "what was measured. ./giliran plan --help names everything that it assumes."
            })
    static final class Plan implements Callable<Integer> {
        @Override
        public Integer call() {
            throw elsewhere("plan");
        }
    }
}

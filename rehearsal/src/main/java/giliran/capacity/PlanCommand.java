package giliran.capacity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.subject.Door;
import giliran.subject.Progress;
import giliran.subject.RehearsalException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Reckons what an opening asks for and what holds it. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        modelTransformer = PlanCommand.OneOptionForEachAssumption.class,
        sortOptions = false,
        description = {
            "Reckons from people, places and measured figures what an opening asks for, and what",
            "holds it: reads and writes a second, the CDN, nodes, connections, the database, the",
            "network and the cost. docs/capacity.md has the formulas and a worked example."
        })
public final class PlanCommand implements Callable<Integer> {
    /** The command line names every assumption, in their order. */
    static final class OneOptionForEachAssumption implements CommandLine.IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec spec) {
            for (Assumption assumption : Assumption.values()) {
                spec.addOption(
                        OptionSpec.builder(assumption.option())
                                .paramLabel("N")
                                .type(Double.class)
                                .converters(text -> parse(assumption, text))
                                .description(
                                        "%s (default: %s)."
                                                .formatted(
                                                        assumption.meaning,
                                                        Quantity.plain(assumption.usual))
                                                .replace("%", "%%"))
                                .build());
            }
            return spec;
        }

        private static Double parse(Assumption assumption, String text) {
            try {
                double number = Double.parseDouble(text);
                if (assumption.allows(number)) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw refused(assumption, text);
            }
            throw refused(assumption, text);
        }

        private static TypeConversionException refused(Assumption assumption, String text) {
            return new TypeConversionException(
                    "'%s' is not a number from %s to %s"
                            .formatted(
                                    text,
                                    Quantity.plain(assumption.least),
                                    Quantity.plain(assumption.most)));
        }
    }

    @Option(
            names = "--measured",
            paramLabel = "FILE",
            description = {
                "What was measured on the machine in question: the JSON of ./giliran bench ledger",
                "or of a rehearsal."
            })
    private @Nullable Path measured;

    @Option(names = "--json", description = "As JSON, with every figure unrounded.")
    private boolean isJson;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (isJson) {
            Progress.tell(json().toPrettyString());
        } else {
            CommandLine.Help.Ansi ansi = spec.commandLine().getColorScheme().ansi();
            lines().forEach(line -> Progress.tell(ansi.string(line)));
        }
        return CommandLine.ExitCode.OK;
    }

    /** The plan as text, headings marked as picocli marks them. */
    List<String> lines() {
        Assumptions given = given();
        return PlanText.of(given, CapacityPlan.of(given), Sensitivity.of(given));
    }

    /**
     * What is usual, over it what was measured, over that what is said.
     *
     * @throws RehearsalException if nobody comes
     */
    private Assumptions given() {
        Assumptions given = Assumptions.usual();
        if (measured != null) {
            given = MeasuredFile.read(measured, given);
        }
        for (Assumption assumption : Assumption.values()) {
            Double said = spec.findOption(assumption.option()).getValue();
            if (said != null) {
                given = given.with(assumption, said, "as said");
            }
        }
        double people = given.get(Assumption.PEOPLE);
        double coming = given.get(Assumption.COMING);
        if (people * coming / 100 < 1) {
            throw new RehearsalException(
                    "Of %s people %s %% come, which is nobody: %s or %s must be more."
                            .formatted(
                                    Quantity.plain(people),
                                    Quantity.plain(coming),
                                    Assumption.PEOPLE.option(),
                                    Assumption.COMING.option()));
        }
        return given;
    }

    /** The plan, all that it assumes, and what each assumption does. */
    ObjectNode json() {
        Assumptions given = given();
        CapacityPlan plan = CapacityPlan.of(given);
        ObjectNode root = Door.JSON.createObjectNode();
        root.put("verdict", PlanText.verdict(given, plan));
        ObjectNode assumptions = root.putObject("assumptions");
        for (Assumption assumption : Assumption.values()) {
            assumptions
                    .putObject(assumption.name().toLowerCase(Locale.ROOT))
                    .put("value", given.get(assumption))
                    .put("meaning", assumption.meaning)
                    .put("source", given.value(assumption).source());
        }
        root.set("plan", Door.JSON.valueToTree(plan));
        root.set("sensitivities", Door.JSON.valueToTree(Sensitivity.of(given)));
        return root;
    }
}

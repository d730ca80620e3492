package giliran.main;

import giliran.ledger.Audit;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Recounts the ledger from its rows, also beside a running server. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Recounts the ledger from its rows, in one snapshot, also beside a running server.",
            "Exits with 0 if every rule holds, with 1 if not."
        })
final class AuditCommand implements Callable<Integer> {
    private static final int FAULTY = 1;

    @Mixin private DatabaseOptions options = new DatabaseOptions();

    @Option(
            names = "--appointments",
            paramLabel = "FILE",
            description =
                    "Write every appointment as CSV: reference, dose, centre, slot, state and"
                            + " commit times, nothing personal.")
    private @Nullable Path appointments;

    @Override
    public Integer call() throws InterruptedException {
        return Opened.during(this::audit, told -> {});
    }

    private int audit(Opened opened) {
        Audit.Report report =
                run(
                        new Audit(
                                Truth.joinOrStart(
                                        options, InstantSource.system(), opened, Progress::tell)));
        report.faults().forEach(fault -> Progress.tell("FAULT  " + fault));
        if (!report.faults().isEmpty()) {
            Progress.tell("The ledger is NOT consistent: " + report.faults().size() + " rows.");
            return FAULTY;
        }
        report.rules().forEach(rule -> Progress.tell("holds  " + rule));
        Progress.tell(
                String.format(
                        "The ledger is consistent: %,d slots, %,d live appointments, %,d ended.",
                        report.places(), report.live(), report.ended()));
        return CommandLine.ExitCode.OK;
    }

    private Audit.Report run(Audit audit) {
        if (appointments == null) {
            return audit.run(Optional.empty());
        }
        try (BufferedWriter csv = Files.newBufferedWriter(appointments)) {
            return audit.run(Optional.of(csv));
        } catch (IOException | UncheckedIOException e) {
            throw new CommandException("The file " + appointments + " cannot be written.");
        }
    }
}

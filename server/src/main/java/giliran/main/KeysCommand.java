package giliran.main;

import giliran.people.KeyListing;
import giliran.people.Keys;
import giliran.people.Keyset;
import giliran.store.DataFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists and rotates the keys in the data folder, also beside a running server. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Lists and rotates the keys in the data folder, also beside a running server, which"
                    + " takes up a new key within some seconds.",
            "The keys are not in the database: back the folder up as carefully, and apart from it."
        })
final class KeysCommand {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "list",
            description = "Lists each keyset's keys and which is the primary one; no secrets.")
    int list(@Mixin DataOption data) {
        PrintWriter out = spec.commandLine().getOut();
        for (KeyListing key : Keys.list(keys(data))) {
            out.printf(
                    "%-8s%10s  %s%s%n",
                    key.keyset(),
                    Integer.toUnsignedString(key.id()),
                    key.isPrimary() ? "primary " : "",
                    key.status());
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "rotate",
            description = {
                "Makes a new primary key: from now on it seals what is new; the keys before it go"
                        + " on opening what they sealed.",
                "With several servers, copy the folder's files to each of them at once."
            })
    int rotate(
            @Mixin DataOption data,
            @Parameters(paramLabel = "KEYSET", description = "seal, link or pass") String name) {
        Keyset keyset =
                Keyset.find(name)
                        .orElseThrow(
                                () ->
                                        new CommandException(
                                                "There is no such keyset; it is seal, link or"
                                                        + " pass."));
        if (!keyset.rotates()) {
            throw new CommandException(
                    "The keyset person cannot be rotated: with another key nobody would be known"
                            + " again, and one person could book twice.");
        }
        Keys.rotate(keys(data), keyset);
        PrintWriter out = spec.commandLine().getOut();
        out.printf("The keyset %s has a new primary key. Back the folder up now.%n", keyset);
        out.flush();
        return 0;
    }

    private static Path keys(DataOption data) {
        return DataFolder.keysIn(data.folder());
    }
}
